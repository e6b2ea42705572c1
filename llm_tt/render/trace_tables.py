"""The Trace page's tables as plain columns: layers, updates, and what changed between two runs."""

from typing import Final

from llm_tt.lens.layer_updates import LayerUpdates, Update
from llm_tt.lens.position_overview import LayerOverview, PositionOverview
from llm_tt.lens.run_comparison import RunComparison, StateChange
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.part_words import title_of
from llm_tt.render.visible_text import visible_token

OVERVIEW_COLUMNS = {
    "behind attention": "What the state between attention and MLP predicts.",
    "predicts": "What the state that leaves the layer predicts.",
    "prob.": "Of that token.",
    "entropy": "How undecided that prediction is, in nats.",
    "attention": "What the layer's heads and their bias add to the target's logit, final norm frozen.",
    "MLP": "What the layer's MLP adds to the target's logit, final norm frozen.",
    "target rank": "Place of the target in the state that leaves the layer.",
    "target prob.": "Probability of the target there.",
}
"""What the columns of the overview mean."""

UPDATE_COLUMNS = {
    "activation": "Of a neuron, with its sign.",
    "logits": "What the part adds to the target's logit, final norm frozen.",
    "share %": "Of the state that it enters, as the flow graph weighs it.",
    "norm": "Length of the vector that is written.",
    "promotes": "Tokens that this vector makes most likely; its sign is in it.",
    "suppresses": "Tokens that it makes least likely.",
}
"""What the columns of the updates mean."""

STATE_COLUMNS = {
    "KL": "How far the edited prediction is from the base's, in nats.",
    "moved %": "How far the state moved, out of its length.",
}
"""What the columns of changed states mean."""


ROUNDING: Final = 1e-5
"""Of a layer's numbers: where there is no bias, so much may be left."""


def overview_columns(overview: PositionOverview) -> Columns:
    """One row a layer, the embedding first; without states in between there is no column for them."""
    rows = overview.rows
    columns: Columns = {"layer": [_layer_name(row) for row in rows]}
    if any(row.mid is not None for row in rows):
        columns["behind attention"] = [
            None if row.mid is None else visible_token(row.mid.token) for row in rows
        ]
    return {
        **columns,
        "predicts": [visible_token(row.post.token) for row in rows],
        "prob.": [row.post.probability for row in rows],
        "entropy": [row.post.entropy for row in rows],
        "attention": [row.attention_change for row in rows],
        "MLP": [row.mlp_change for row in rows],
        "target rank": [row.post.target_rank for row in rows],
        "target prob.": [row.post.target_probability for row in rows],
    }


def update_columns(updates: LayerUpdates) -> Columns:
    """A layer's rows, and below them all that is left, so that the logits add up to what the layer adds."""
    rows, rest = updates.rows, _rest(updates)
    empty: list[object] = [None] * len(rest)
    columns: Columns = {"part": [*(title_of(row.part) for row in rows), *(name for name, *_ in rest)]}
    if any(row.coefficient is not None for row in rows):
        columns["activation"] = [*(row.coefficient for row in rows), *empty]
    columns["logits"] = [*(row.contribution for row in rows), *(logits for _, logits, _, _ in rest)]
    if updates.others.share is not None:
        shares = [*(row.share for row in rows), *(share for _, _, share, _ in rest)]
        columns["share %"] = [None if share is None else 100 * share for share in shares]
    columns["norm"] = [*(row.norm for row in rows), *(norm for _, _, _, norm in rest)]
    columns["promotes"] = [*(_joined(row, "promoted") for row in rows), *empty]
    columns["suppresses"] = [*(_joined(row, "suppressed") for row in rows), *empty]
    return columns


def token_change_columns(comparison: RunComparison) -> Columns:
    """The strongest tokens of both predictions, with what each gained."""
    tokens = comparison.tokens
    return {
        "token": [visible_token(change.string) for change in tokens],
        "before": [change.before for change in tokens],
        "after": [change.after for change in tokens],
        "change": [change.after - change.before for change in tokens],
        "id": [change.token_id for change in tokens],
    }


def state_change_columns(comparison: RunComparison) -> Columns:
    """What each state predicts in both runs, and where the runs part."""
    states = comparison.states
    return {
        "state": [title_of(state.part) for state in states],
        "before": [visible_token(state.token_before) for state in states],
        "after": [visible_token(state.token_after) for state in states],
        "prob. before": [state.probability_before for state in states],
        "prob. after": [state.probability_after for state in states],
        "target before": [state.target_probability_before for state in states],
        "target after": [state.target_probability_after for state in states],
        "rank before": [state.target_rank_before for state in states],
        "rank after": [state.target_rank_after for state in states],
        "KL": [state.kl for state in states],
        "moved %": [100 * state.distance for state in states],
        "first": [_mark(comparison, state) for state in states],
    }


def _layer_name(row: LayerOverview) -> str:
    return "embed" if row.layer < 0 else f"L{row.layer}"


def _rest(updates: LayerUpdates) -> list[tuple[str, float, float | None, float | None]]:
    """Name, logits, share and norm of the rows below."""
    others, rest = updates.others, list[tuple[str, float, float | None, float | None]]()
    if others.n:
        rest.append((f"{others.n:,} others", others.contribution, others.share, others.norm))
    size = sum(abs(row.contribution) for row in updates.rows) + abs(updates.before) + abs(updates.after)
    for name, bias in (("attention bias", updates.attention_bias), ("MLP bias", updates.mlp_bias)):
        if abs(bias) > ROUNDING * size:
            rest.append((name, bias, None, None))
    return rest


def _joined(row: Update, which: str) -> str:
    return " ".join(map(visible_token, row.promoted if which == "promoted" else row.suppressed))


def _mark(comparison: RunComparison, state: StateChange) -> str:
    marks = [
        word
        for word, part in (("change", comparison.first_touched), ("another token", comparison.first_parting))
        if part == state.part
    ]
    return ", ".join(marks)
