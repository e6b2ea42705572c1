"""One position through all layers: what every state predicts, and what each layer adds to the target."""

from dataclasses import dataclass

import torch

from llm_tt.attribution.target import Target, resolve_position
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE, summary_of
from llm_tt.lens.state_reading import state_logits, states_of
from llm_tt.lens.target_direction import target_constant, target_direction
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class StateSummary:
    """What a state predicts, and how the target fares in it; plain values."""

    part: Part
    token_id: int
    """The most likely token."""
    token: str
    probability: float
    """Of that token."""
    entropy: float
    """Of the whole prediction, in nats."""
    target_rank: int
    """1 is the best."""
    target_probability: float
    target_logit: float


@dataclass(frozen=True, slots=True)
class LayerOverview:
    """One layer's row; the embedding's has layer -1 and only the state that enters the first layer."""

    layer: int
    mid: StateSummary | None
    """Behind attention; None where a block adds attention and MLP at once."""
    post: StateSummary
    attention_change: float | None
    mlp_change: float | None


@dataclass(frozen=True, slots=True)
class PositionOverview:
    """Every state of a position, and what stands between them; plain values."""

    target: Target
    states: tuple[StateSummary, ...]
    """From the embedding to the prediction."""
    attention_changes: tuple[float, ...]
    """What each layer's attention adds to the target's logit minus its contrast's, final norm frozen."""
    mlp_changes: tuple[float, ...]
    """The same of each layer's MLP."""
    embedding_change: float
    """The same of the embedding."""
    constant: float
    """The same of a state of zeros: all of these add up to the logit (or difference) before any cap."""

    @property
    def rows(self) -> tuple[LayerOverview, ...]:
        """One row a layer, the embedding first."""
        n_layers = len(self.attention_changes)
        stages = (len(self.states) - 1) // n_layers
        found = [LayerOverview(-1, None, self.states[0], None, None)]
        for layer in range(n_layers):
            *mid, post = self.states[1 + layer * stages : 1 + (layer + 1) * stages]
            changes = (self.attention_changes[layer], self.mlp_changes[layer])
            found.append(LayerOverview(layer, mid[0] if mid else None, post, *changes))
        return tuple(found)


@torch.no_grad()
def overview_of(model: LanguageModel, trace: ForwardTrace, target: Target) -> PositionOverview:
    """Read every state at the target's position, and weigh what each layer writes there.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the target lies outside the prompt.
    """
    check_lens(model)
    position = resolve_position(trace, target.position)
    direction = target_direction(model, trace, target)
    return PositionOverview(
        target=target,
        states=tuple(_summaries(model, trace, position, target.token_id)),
        attention_changes=tuple((trace.attention_out[:, position] @ direction).tolist()),
        mlp_changes=tuple((trace.mlp_out[:, position] @ direction).tolist()),
        embedding_change=float(trace.stream[0, position] @ direction),
        constant=target_constant(model, target),
    )


def _summaries(model: LanguageModel, trace: ForwardTrace, position: int, token_id: int) -> list[StateSummary]:
    states = states_of(trace, position)
    at_once = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    found: list[StateSummary] = []
    for start in range(0, len(states), at_once):
        some = states[start : start + at_once]
        read = summary_of(state_logits(model, trace, list(some)), torch.full((len(some),), token_id))
        token_ids = read.token_ids.tolist()
        columns = (
            token_ids,
            model.token_strings(token_ids),
            read.probabilities.tolist(),
            read.entropies.tolist(),
            read.target_ranks.tolist(),
            read.target_probabilities.tolist(),
            read.target_logits.tolist(),
        )
        found += [StateSummary(part, *row) for part, *row in zip(some, *columns, strict=True)]
    return found
