"""A state read as tokens, beside what came before it and what the model says in the end."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.axes import Logits
from llm_tt.errors import TargetError
from llm_tt.lens.token_ranking import TokenRanking, check_lens, rank_logits, ranks_of
from llm_tt.lens.written import check_part, written_by
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part, Stage
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class StateReading:
    """What a state predicts, and the ranks of the same tokens elsewhere at its position; 1 is the best."""

    ranking: TokenRanking
    previous: tuple[int, ...] | None
    """In the state before; None for the embedding, which has none."""
    final: tuple[int, ...]
    """In the model's own prediction."""


@torch.no_grad()
def read_state(model: LanguageModel, trace: ForwardTrace, part: Part, *, top: int = 10) -> StateReading:
    """The strongest tokens of a state, with their ranks in the state before and at the end.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the part is no state, or lies outside the trace.
    """
    check_part(trace, part)
    if part.kind != "state":
        raise TargetError(
            asked=f"Read {part} as a state.",
            found="That is an edge or a component, not a state.",
            remedy="Names of states look like embed@4, L2.mid@4 or L2.post@4.",
        )
    states = states_of(trace, part.position)
    place = states.index(part)
    ranking = rank_logits(model, state_logits(model, trace, [part])[0], top=top)
    previous = None
    if place > 0:
        previous = ranks_of(state_logits(model, trace, [states[place - 1]])[0], ranking.token_ids)
    return StateReading(ranking, previous, ranks_of(trace.logits[part.position], ranking.token_ids))


def states_of(trace: ForwardTrace, position: int) -> tuple[Part, ...]:
    """All states of a position, from the embedding to the last one."""
    stages: tuple[Stage, ...] = ("post",) if trace.resid_mid is None else ("mid", "post")
    behind = [
        Part("state", layer, position, stage=stage) for layer in range(trace.n_layers) for stage in stages
    ]
    return (Part("state", -1, position, stage="embed"), *behind)


def state_logits(
    model: LanguageModel, trace: ForwardTrace, states: list[Part]
) -> Float[Tensor, "state d_vocab"]:
    """What each of some states would predict; of the last one, the model's own prediction.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
    """
    check_lens(model)
    last = [state.stage == "post" and state.layer == trace.n_layers - 1 for state in states]
    vectors = torch.stack([written_by(model, trace, state) for state in states])
    logits: Logits = model.read_out(vectors).to(trace.logits.dtype)
    for row, (state, is_last) in enumerate(zip(states, last, strict=True)):
        if is_last:
            logits[row] = trace.logits[state.position]
    return logits
