"""One token, followed through all states of a position."""

from dataclasses import dataclass

import torch

from llm_tt.attribution.target import resolve_position, token_id_of
from llm_tt.lens.state_reading import state_logits, states_of
from llm_tt.lens.token_ranking import check_lens, ranks_of
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

NUMBERS_AT_ONCE = 1 << 23
"""Logits that are held at once: 32 MiB in single precision."""


@dataclass(frozen=True, slots=True)
class TokenPath:
    """How a token fares from the embedding to the prediction; plain values, one for each state."""

    parts: tuple[Part, ...]
    ranks: tuple[int, ...]
    """1 is the best."""
    probabilities: tuple[float, ...]
    logits: tuple[float, ...]


@torch.no_grad()
def follow_token(model: LanguageModel, trace: ForwardTrace, position: int, token_id: int) -> TokenPath:
    """Rank, probability and logit of a token in every state of a position.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: there is no such position or token.
    """
    check_lens(model)
    states = states_of(trace, resolve_position(trace, position))
    token_id = token_id_of(model, token_id)
    at_once = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    ranks: list[int] = []
    probabilities: list[float] = []
    found: list[float] = []
    for start in range(0, len(states), at_once):
        logits = state_logits(model, trace, list(states[start : start + at_once]))
        ranks += [ranks_of(row, [token_id])[0] for row in logits]
        probabilities += logits.log_softmax(-1)[:, token_id].exp().tolist()
        found += logits[:, token_id].tolist()
    return TokenPath(states, tuple(ranks), tuple(probabilities), tuple(found))
