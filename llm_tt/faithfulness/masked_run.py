"""A forward pass in which only some edges carry what they carried; all others carry a baseline.

A message that is cut brings the baseline's value instead of the key's, with the same attention; an MLP that
is cut writes the baseline's output. Attention patterns are computed anew from what is left ("recomputed") or
taken from the full run ("frozen"). Masks work on the heads' mixed values, because some families discard edits
of a pattern; in those the pattern also comes after the mix, and each layer's pattern takes a pass of its own.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Literal

import torch
from einops import einsum, repeat
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.baseline import Baseline
from llm_tt.errors import AttributionError
from llm_tt.faithfulness.keep import Keep
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.tracing.progress import Progress, after_each_layer, silent, within
from llm_tt.tracing.trace import ForwardTrace

Attention = Literal["recomputed", "frozen"]

MEMORY_LIMIT = 512 * 2**20
"""Copies run together as long as their logits and patterns need no more."""


@torch.no_grad()
def masked_logits(  # noqa: PLR0913 (a model, what to run, and how)
    model: LanguageModel,
    trace: ForwardTrace,
    position: int,
    keep: Keep,
    baseline: Baseline,
    attention: Attention = "recomputed",
    progress: Progress = silent,
) -> Float[Tensor, "copy d_vocab"]:
    """The predictions at a position, one for every copy of `keep`.

    Raises:
        AttributionError: the trace is of an edited run.
    """
    frozen = trace.patterns if attention == "frozen" else None
    rows = [trace] * keep.copies
    return _masked_rows(model, rows, position, keep, baseline, frozen, progress)


@torch.no_grad()
def masked_rows(
    model: LanguageModel,
    rows: Sequence[ForwardTrace],
    position: int,
    keep: Keep,
    baseline: Baseline,
) -> Float[Tensor, "copy d_vocab"]:
    """The same for several prompts of one length, which may come several times: a row for every copy.

    Patterns are recomputed.

    Raises:
        AttributionError: a trace is of an edited run.
    """
    return _masked_rows(model, rows, position, keep, baseline, None, silent)


def _masked_rows(  # noqa: PLR0913 (as `masked_logits`)
    model: LanguageModel,
    rows: Sequence[ForwardTrace],
    position: int,
    keep: Keep,
    baseline: Baseline,
    frozen: tuple[Tensor, ...] | None,
    progress: Progress,
) -> Float[Tensor, "copy d_vocab"]:
    if any(trace.changes is not None for trace in rows):
        raise AttributionError(
            asked="Run the model with some edges cut.",
            found="The trace is of an edited run, and cuts on top of edits would mix with them.",
            remedy="Measure the unedited run: capture(model, prompt).",
        )
    # What comes after the position cannot matter.
    token_ids = [trace.prompt.token_ids[: position + 1] for trace in rows]
    at_once = _copies_at_once(model, position + 1)
    found = []
    with model.lock:
        for start in range(0, keep.copies, at_once):
            part = keep.part(start, start + at_once)
            run = _MaskedRun(model, part, baseline, frozen)
            step = within(progress, start / keep.copies, min(1.0, (start + at_once) / keep.copies))
            logits = run.logits(token_ids[start : start + at_once], step)
            found.append(logits[:, -1].to(model.device, model.compute_dtype))
    return torch.cat(found)


def _copies_at_once(model: LanguageModel, length: int) -> int:
    sizes = model.dimensions
    one = (
        length * sizes.d_vocab + 4 * sizes.n_heads * length**2 + 6 * length * max(sizes.d_mlp, sizes.d_model)
    )
    return max(1, MEMORY_LIMIT // (one * model.compute_dtype.itemsize))


class _MaskedRun:
    """The hooks of one masked run, and what they have seen so far."""

    def __init__(
        self, model: LanguageModel, keep: Keep, baseline: Baseline, frozen: tuple[Tensor, ...] | None
    ) -> None:
        self._model = model
        self._keep = keep
        self._baseline = baseline
        self._patterns: dict[int, Tensor] = {}
        self._is_frozen = frozen is not None
        for layer, pattern in enumerate(frozen or ()):
            self._patterns[layer] = pattern[None]
        self._values: dict[int, Tensor] = {}
        self._waiting: int | None = None

    def logits(self, rows: Sequence[tuple[int, ...]], progress: Progress) -> Tensor:
        """Run, once more for every layer whose pattern came too late to be used."""
        for turn in count():
            self._waiting = None
            tell = silent if progress is silent else partial(self._tell, progress, turn)
            hooks = [*self._hooks(), *after_each_layer(self._model.dimensions.n_layers, tell)]
            logits = self._model.run_rows(rows, hooks)
            if self._waiting is None:
                break
        return logits

    def _tell(self, progress: Progress, turn: int, share: float) -> None:
        """Whether patterns come too late shows in the first layer of the first turn."""
        is_one_turn = turn == 0 and self._waiting is None
        progress((turn + share) / (1 if is_one_turn else self._model.dimensions.n_layers + 1))

    def _hooks(self) -> Iterator[Hook]:
        for layer in range(self._model.dimensions.n_layers):
            yield Hook(Site.VALUES, layer, partial(self._see_values, layer))
            if not self._is_frozen:
                yield Hook(Site.PATTERN, layer, partial(self._see_pattern, layer))
            yield Hook(Site.HEAD_MIX, layer, partial(self._mix, layer))
            yield Hook(Site.MLP_OUT, layer, partial(self._replace_mlp, layer))

    def _see_values(self, layer: int, values: Tensor) -> None:
        self._values[layer] = values

    def _see_pattern(self, layer: int, pattern: Tensor) -> None:
        """A pattern is right if every earlier layer was masked in this run."""
        if self._waiting is None or layer == self._waiting:
            self._patterns[layer] = pattern

    def _mix(self, layer: int, mixed: Tensor) -> Tensor | None:
        values = self._values.pop(layer)
        if self._waiting is None and layer not in self._patterns:
            self._waiting = layer
        if self._waiting is not None:
            return None
        pattern = self._patterns[layer].to(values.device, values.dtype)
        length = values.shape[1]
        pattern = pattern[..., :length, :length]
        usual = self._baseline.values[layer].to(values.device, values.dtype)
        shared = len(usual) // values.shape[-2]
        values = repeat(values, "copy key kv_head d_head -> copy key (kv_head shared) d_head", shared=shared)
        kept = pattern * self._keep.attention(layer)[..., :length, :length].to(values.device)
        again = einsum(
            kept, values - usual, "copy head query key, copy key head d_head -> copy query head d_head"
        )
        again += einsum(pattern.sum(-1), usual, "copy head query, head d_head -> copy query head d_head")
        return again.reshape(mixed.shape)

    def _replace_mlp(self, layer: int, written: Tensor) -> Tensor:
        kept = self._keep.mlp(layer)[:, : written.shape[1], None].to(written.device)
        return torch.where(kept, written, self._baseline.mlp_out[layer].to(written.device, written.dtype))
