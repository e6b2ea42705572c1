"""Tables about a model's parts as plain columns: tokens on both sides of a norm, steady neurons."""

from collections.abc import Sequence
from typing import Final

from llm_tt.anatomy.norm_effect import NormEffect, TokenShift
from llm_tt.anatomy.steady_neurons import SteadyNeuron
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.token_cards import neuron_name
from llm_tt.render.visible_text import visible_token

NORM_COLUMNS: Final = {
    "prob.": "Of the token on this side of the norm.",
    "# behind": "Its place in the state that the norm puts out.",
    "# before": "Its place in the state that enters the norm.",
    "change": "What the norm adds to the token's probability, in percentage points.",
    "ranks": "Its place before the norm, and behind it.",
}
"""What the columns of a norm's tables mean."""

STEADY_COLUMNS: Final = {
    "share %": "Of all positions, those where the neuron is among the strongest of its layer.",
    "positive %": "Of all positions, those where its activation is above zero.",
    "mean": "Of its activations, with their signs.",
    "norm": "Length of its output direction.",
    "norm pct.": "Per cent of its layer's neurons whose direction is shorter.",
    "entropy": "How undecided its direction alone, at the length of a normed state, would be; in nats.",
    "entropy pct.": "Per cent of a sample of its layer whose entropy is lower.",
    "promotes": "Tokens that it makes most likely, with the sign of its mean.",
}
"""What the columns of steady neurons mean."""


def norm_columns(effect: NormEffect) -> dict[str, Columns]:
    """Four short tables by their headings: what is predicted before and behind a norm, gains and losses."""
    return {
        "Before": _side(effect.before, is_before=True),
        "Behind": _side(effect.after, is_before=False),
        "Gain most": _changes(effect.gains),
        "Lose most": _changes(effect.losses),
    }


def steady_columns(neurons: Sequence[SteadyNeuron]) -> Columns:
    """One row a neuron; without the lens nothing is read as tokens, and those columns are missing."""
    columns: Columns = {
        "neuron": [neuron_name(row.layer, row.neuron) for row in neurons],
        "share %": [100 * row.share for row in neurons],
        "positive %": [100 * row.share_positive for row in neurons],
        "mean": [row.mean for row in neurons],
        "norm": [row.norm for row in neurons],
        "norm pct.": [row.norm_percentile for row in neurons],
    }
    if any(row.entropy is not None for row in neurons):
        columns["entropy"] = [row.entropy for row in neurons]
        columns["entropy pct."] = [row.entropy_percentile for row in neurons]
        columns["promotes"] = [" ".join(map(visible_token, row.promoted)) for row in neurons]
    return columns


def _side(shifts: Sequence[TokenShift], *, is_before: bool) -> Columns:
    return {
        "token": [visible_token(shift.token) for shift in shifts],
        "prob.": [shift.before if is_before else shift.after for shift in shifts],
        f"# {'behind' if is_before else 'before'}": [
            shift.rank_after if is_before else shift.rank_before for shift in shifts
        ],
    }


def _changes(shifts: Sequence[TokenShift]) -> Columns:
    return {
        "token": [visible_token(shift.token) for shift in shifts],
        "change": [100 * shift.change for shift in shifts],
        "ranks": [f"{shift.rank_before:,} → {shift.rank_after:,}" for shift in shifts],
    }
