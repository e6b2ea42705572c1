"""Keeping mechanisms apart: parts of the model that write only their mean while something is learned.

Left alone, a small model moves everything with the same one or two heads and looks facts up wherever it
happens to be asked: no graph can tell recalling from copying, or say where a fact is kept. So the heads that
move names are silenced in rows that hold facts only (and at last also names, to be guessed: what other heads
knew of them is unlearned), and the MLPs are silenced in most facts behind their
subject: recall has to find other ways than those heads, and to begin where the subject stands.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from transformers import GPT2LMHeadModel

Head = tuple[int, int]
"""(layer, head)"""


class QuietParts:
    """Hooks that silence some heads in whole rows, and every MLP at single positions."""

    def __init__(self, model: GPT2LMHeadModel) -> None:
        self._rows: Tensor | None = None
        self._positions: Tensor | None = None
        self._heads: frozenset[Head] = frozenset()
        width = model.config.n_embd // model.config.n_head
        for layer, block in enumerate(model.transformer.h):
            for head in range(model.config.n_head):
                part = slice(head * width, (head + 1) * width)
                _watch_head(self, block.attn.c_proj, (layer, head), part)
            _watch_mlp(self, block.mlp)

    def is_silent(self, head: Head) -> bool:
        """Whether a head is silent now, in `rows`."""
        return head in self._heads

    @property
    def rows(self) -> Tensor | None:
        """[row]: where the heads are silent now; None for nowhere."""
        return self._rows

    @property
    def positions(self) -> Tensor | None:
        """[row position]: where the MLPs are silent now; None for nowhere."""
        return self._positions

    @contextmanager
    def within(self, heads: Sequence[Head], rows: Tensor, positions: Tensor) -> Iterator[None]:
        """Within it heads (in rows) and MLPs (at positions of rows) write their mean over everywhere else."""
        self._heads = frozenset(heads)
        self._rows = rows if bool(rows.any()) else None
        self._positions = positions if bool(positions.any()) else None
        try:
            yield
        finally:
            self._rows = self._positions = None


def _watch_head(quiet: QuietParts, projection: nn.Module, head: Head, part: slice) -> None:
    def silence(_: object, given: tuple[Tensor, ...]) -> tuple[Tensor] | None:
        if quiet.rows is None or not quiet.is_silent(head):
            return None
        states = given[0].clone()
        mean = given[0][~quiet.rows][..., part].mean((0, 1)).detach()
        states[quiet.rows, :, part] = mean
        return (states,)

    projection.register_forward_pre_hook(silence)


def _watch_mlp(quiet: QuietParts, mlp: nn.Module) -> None:
    def silence(_: object, __: object, written: Tensor) -> Tensor | None:
        if quiet.positions is None:
            return None
        mean = written[~quiet.positions].mean(0).detach()
        return torch.where(quiet.positions[..., None], mean, written)

    mlp.register_forward_hook(silence)
