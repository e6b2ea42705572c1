"""The inspector's tables as plain columns: what is read of a state, a vector, a sum, a head or an MLP."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.state_reading import StateReading
from llm_tt.render.part_words import title_of
from llm_tt.render.position_axis import position_name
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import weight_column, weight_heading
from llm_tt.tracing.parts import Part

Columns = dict[str, list[object]]

RANK_COLUMNS = {
    "since": "Places gained since the state before; negative: lost.",
    "to end": "Places that it still gains until the prediction; negative: loses.",
}
"""What the columns of rank changes mean."""


def state_columns(reading: StateReading) -> Columns:
    """The tokens that a state predicts, with the places that they gained and will gain."""
    ranking = reading.ranking
    ranks = range(1, len(ranking.token_ids) + 1)
    columns: Columns = {
        "rank": list(ranks),
        "token": [visible_token(token) for token in ranking.token_strings],
        "probability": list(ranking.probabilities),
        "logit": list(ranking.logits),
    }
    if reading.previous is not None:
        columns["since"] = [before - rank for before, rank in zip(reading.previous, ranks, strict=True)]
    columns["to end"] = [rank - final for final, rank in zip(reading.final, ranks, strict=True)]
    columns["id"] = list(ranking.token_ids)
    return columns


def change_columns(changes: TokenChanges, heading: str, amount: str) -> Columns:
    """Tokens with their numbers; the headings say which tokens these are, and what is counted."""
    return {
        heading: [visible_token(token) for token in changes.token_strings],
        amount: list(changes.changes),
        "id": list(changes.token_ids),
    }


def part_columns(
    parts: Sequence[Part],
    tokens: Sequence[str],
    weights: Sequence[float],
    promoted: Sequence[Sequence[str]],
    unit: str | None,
) -> Columns:
    """Parts of one sum with their weights; `promoted` is empty where vectors cannot be read."""
    columns: Columns = {
        "part": [_short_title(part) for part in parts],
        "from": [position_name(at, tokens[at]) for at in map(_source, parts)],
        weight_heading(unit): list(weight_column(weights, unit)),
    }
    return _with_promoted(columns, promoted)


def head_columns(
    messages: Sequence[Part],
    weights: Float[Tensor, " head"],
    attention: Float[Tensor, " head"],
    promoted: Sequence[Sequence[str]],
    unit: str | None,
) -> Columns:
    """One edge's messages, each with its head, its weight, and how much it attends."""
    columns: Columns = {
        "head": [title_of(message) for message in messages],
        weight_heading(unit): list(weight_column(weights.tolist(), unit)),
        "attention": attention.tolist(),
    }
    return _with_promoted(columns, promoted)


def key_columns(
    tokens: Sequence[str],
    keys: Sequence[int],
    weights: Sequence[float],
    attention: Sequence[float],
    unit: str | None,
) -> Columns:
    """Where a head reads from, each with its weight and how much it attends there."""
    return {
        "from": [position_name(key, tokens[key]) for key in keys],
        weight_heading(unit): list(weight_column(weights, unit)),
        "attention": list(attention),
    }


def neuron_columns(
    neurons: Sequence[Part],
    weights: Sequence[float],
    activations: Sequence[float],
    promoted: Sequence[Sequence[str]],
    unit: str | None,
) -> Columns:
    """Neurons with their weights and signed activations."""
    columns: Columns = {
        "neuron": [title_of(neuron) for neuron in neurons],
        weight_heading(unit): list(weight_column(weights, unit)),
        "activation": list(activations),
    }
    return _with_promoted(columns, promoted)


def _with_promoted(columns: Columns, promoted: Sequence[Sequence[str]]) -> Columns:
    if promoted:
        columns["promotes"] = [" ".join(map(visible_token, tokens)) for tokens in promoted]
    return columns


def _source(part: Part) -> int:
    return part.position if part.key is None else part.key


def _short_title(part: Part) -> str:
    return "residual" if part.kind == "residual" else title_of(part)
