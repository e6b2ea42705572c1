"""Edits of one layer's attention: what heads bring, as a whole or message by message.

Heads as a whole are blended after their values were mixed. Of single messages the difference from that is
added: it takes the pattern and the values of the keys that edits name, and of no others.
"""

from collections.abc import Sequence

import numpy as np
import torch
from einops import einsum, rearrange, repeat
from jaxtyping import Float
from torch import Tensor

from llm_tt.intervention.blending import Blends, Window, needs_usual
from llm_tt.intervention.edits import Ablate, Scale


class AttentionEdits:
    """A plain plan; what a run has seen is kept by its hooks."""

    def __init__(self, edits: Sequence[Ablate | Scale], n_heads: int, usual: Tensor, has_sinks: bool) -> None:
        self._edits = edits
        self._n_heads = n_heads
        self._usual = usual
        self._has_sinks = has_sinks and needs_usual(edits)
        self.keys = sorted({edit.component.key for edit in edits if edit.component.key is not None})
        """The keys that edits name."""

    @property
    def needs_pattern(self) -> bool:
        """Whether it is not enough to know what heads bring as a whole."""
        return bool(self.keys) or self._has_sinks

    def blends(self, window: Window) -> Blends:
        """[column head query]: in column 0 messages from keys that nobody names, then those of each key."""
        blends = Blends(1 + len(self.keys), self._n_heads, window.stop - window.start)
        everything = slice(None)
        for edit in self._edits:
            component = edit.component
            column = everything if component.key is None else 1 + self.keys.index(component.key)
            blends.apply(edit, window, column, everything if component.head is None else component.head)
        return blends

    def columns(
        self, pattern: Float[Tensor, "batch head query key"], first_key: int = 0
    ) -> Float[Tensor, "batch head query column"]:
        """Of a pattern the row sums, and what is paid to the named keys; 0 for keys that it does not show."""
        shown = [key - first_key for key in self.keys]
        sums = pattern.sum(-1) if self._has_sinks else torch.ones_like(pattern[..., 0])
        nothing = torch.zeros_like(sums)
        found = [pattern[..., key] if 0 <= key < pattern.shape[-1] else nothing for key in shown]
        return torch.stack([sums, *found], dim=-1)

    def outside(
        self, blends: Blends, columns: Float[Tensor, "batch head query column"] | None, like: Tensor
    ) -> Float[Tensor, "batch query head d_head"] | None:
        """The usual values that edits put in place of messages; None where they put none."""
        if not blends.usual.any():
            return None
        share = _tensor(blends.usual[0], like)[None]
        if columns is not None:
            more = _tensor(blends.usual[1:] - blends.usual[0], like)
            share = share * columns[..., 0]
            share = share + einsum(
                columns[..., 1:], more, "batch head query column, column head query -> batch head query"
            )
        usual = self._usual.to(like.device, like.dtype)
        return einsum(share, usual, "batch head query, head d_head -> batch query head d_head")

    def edited(
        self,
        blends: Blends,
        mixed: Float[Tensor, "batch query head d_head"],
        columns: Float[Tensor, "batch head query column"] | None,
        values: Sequence[Float[Tensor, "batch kv_head d_head"] | None],
    ) -> Float[Tensor, "batch query head d_head"]:
        """What heads bring after the edits; `values` are those of the named keys, None if not there yet."""
        again = mixed * rearrange(_tensor(blends.own[0], mixed), "head query -> query head 1")
        for number, value in enumerate(values, start=1):
            change = blends.own[number] - blends.own[0]
            if value is None or not change.any():
                continue
            assert columns is not None
            share = columns[..., number] * _tensor(change, mixed)
            own = repeat(
                value,
                "batch kv_head d_head -> batch (kv_head shared) d_head",
                shared=self._n_heads // value.shape[1],
            )
            again = again + einsum(
                share, own, "batch head query, batch head d_head -> batch query head d_head"
            )
        outside = self.outside(blends, columns, mixed)
        return again if outside is None else again + outside

    def message_factor(self, blends: Blends, like: Float[Tensor, "head query key"]) -> Tensor:
        """What each message of a whole run is multiplied by."""
        own = _tensor(blends.own, like)
        whole = repeat(own[0], "head query -> head query 1").expand_as(like)
        if self.keys:
            whole = whole.clone()
        for number, key in enumerate(self.keys, start=1):
            if key < like.shape[-1]:
                whole[..., key] = own[number]
        return whole


def _tensor(numbers: np.ndarray, like: Tensor) -> Tensor:
    return torch.as_tensor(numbers).to(like.device, like.dtype)
