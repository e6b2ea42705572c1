"""What a head did on a prompt, held against what its weights alone say it does."""

from dataclasses import dataclass

import torch
from torch import Tensor

from llm_tt.attribution.target import resolve_position
from llm_tt.concepts.head_circuits import readable_head
from llm_tt.concepts.head_tokens import ov_changes
from llm_tt.concepts.single_threads import on_one_core
from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_products import strongest_changes
from llm_tt.lens.written import written_by
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class SourceComparison:
    """One position that a head attends to: what it moved from there, and what the token alone would bring."""

    key: int
    attention: float
    in_run: TokenChanges
    """What the message from there raises most: changes of the logits, with the value's bias."""
    static: TokenChanges
    """What the head writes for the token that stands there, by the weights alone."""
    agreement: float | None
    """Correlation of both over the whole vocabulary, -1 to 1; None where one of them is nothing at all."""


@on_one_core
@torch.no_grad()
def compare_with_run(  # noqa: PLR0913 (which head, where, and how much)
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    head: int,
    position: int,
    top: int = 5,
    n_tokens: int = 10,
) -> tuple[SourceComparison, ...]:
    """The positions that a head attends to most from a position, `top` of them, each with `n_tokens` tokens.

    In an edited trace, messages are what the edits let through, and attention what was paid.

    Raises:
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer, head or position.
    """
    position = resolve_position(trace, position)
    readable_head(model, layer, head)  # refuses before anything is read
    attention = trace.patterns[layer][head, position, : position + 1]
    keys = attention.topk(min(top, position + 1)).indices.tolist()
    return tuple(
        _compare(model, trace, Part("message", layer, position, head=head, key=key), n_tokens) for key in keys
    )


def _compare(model: LanguageModel, trace: ForwardTrace, message: Part, n_tokens: int) -> SourceComparison:
    assert message.key is not None
    assert message.head is not None
    scale = trace.final_norm_scale[message.position]
    in_run = model.read_part(written_by(model, trace, message), scale)
    static = ov_changes(model, message.layer, message.head, trace.prompt.token_ids[message.key])
    return SourceComparison(
        key=message.key,
        attention=float(trace.patterns[message.layer][message.head, message.position, message.key]),
        in_run=strongest_changes(model, in_run, n_tokens),
        static=strongest_changes(model, static, n_tokens),
        agreement=_correlation(in_run, static),
    )


def _correlation(first: Tensor, second: Tensor) -> float | None:
    first, second = (numbers.double() - numbers.double().mean() for numbers in (first, second))
    lengths = first.norm() * second.norm()
    return None if lengths == 0 else float((first @ second / lengths).clamp(-1, 1))
