"""Keeping mechanisms apart: rows of facts in which the heads that move names write nothing but their mean.

Left alone, a small model moves everything with the same one or two heads, and no graph can tell recalling
from copying. In rows that hold facts only, the heads named in the recipe are therefore silenced from some
step on; recall has to find other ways, and the named heads are left to what is moved within a context.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor
from transformers import GPT2LMHeadModel


class QuietHeads:
    """Hooks on the attention layers that silence some heads in the rows asked for."""

    def __init__(self, model: GPT2LMHeadModel, heads: Sequence[tuple[int, int]]) -> None:
        self._rows: Tensor | None = None
        width = model.config.n_embd // model.config.n_head
        for layer, head in heads:
            self._watch(model.transformer.h[layer].attn.c_proj, slice(head * width, (head + 1) * width))

    @contextmanager
    def in_rows(self, rows: Tensor) -> Iterator[None]:
        """Within it the heads write, in these rows, their mean over all other rows; `rows` are booleans."""
        self._rows = rows if bool(rows.any()) else None
        try:
            yield
        finally:
            self._rows = None

    def _watch(self, projection: object, part: slice) -> None:
        def silence(_: object, given: tuple[Tensor, ...]) -> tuple[Tensor] | None:
            if self._rows is None:
                return None
            states = given[0].clone()
            mean = given[0][~self._rows][..., part].mean((0, 1)).detach()
            states[self._rows, :, part] = mean
            return (states,)

        projection.register_forward_pre_hook(silence)  # type: ignore[attr-defined]
