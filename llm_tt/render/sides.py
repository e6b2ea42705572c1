"""What the two sides of a comparison are called, and what each explains."""

from typing import Final

from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.attribution.run_record import explained_of
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.render.graph_html import EDITED
from llm_tt.render.target_label import label_of

NAMES: Final = ("A", "B")
"""Where more than one thing differs, or the prompts do."""

LONGEST: Final = 16
"""Characters of a model's name."""


def names_of_sides(first: ExplainedRun, second: ExplainedRun) -> tuple[str, str]:
    """A word for each: by the one thing that tells them apart, else A and B."""
    sides = (first, second)
    ways = [
        tuple(run.trace.prompt.token_ids for run in sides),
        tuple(METHOD_LABELS[run.shares.method] for run in sides),
        tuple(run.model.spec.source for run in sides),
        tuple(run.graph.record.edits for run in sides),
    ]
    different = [at for at, (ours, theirs) in enumerate(ways) if ours != theirs]
    match different:
        case [1]:
            return METHOD_LABELS[first.shares.method], METHOD_LABELS[second.shares.method]
        case [2]:
            names = [_short(run.model.spec.source.rpartition("/")[2]) for run in sides]
            return (names[0], names[1]) if names[0] != names[1] else NAMES
        case [3] if not first.graph.record.edits:
            return "base", EDITED
    return NAMES


def _short(name: str) -> str:
    """The end, which tells models apart."""
    return name if len(name) <= LONGEST else f"…{name[-LONGEST:]}"


def label_of_sides(first: ExplainedRun, second: ExplainedRun) -> str:
    """What both explain: one token with one number or two, or two tokens."""
    ours, theirs = (explained_of(run.model, run.trace, run.target) for run in (first, second))
    if ours == theirs:
        return label_of(ours)
    if (ours.token, ours.contrast) == (theirs.token, theirs.contrast):
        return label_of(ours, theirs)
    return f"{label_of(ours)}  →  {label_of(theirs)}"


def label_of_side(run: ExplainedRun) -> str:
    """What one side explains."""
    return label_of(explained_of(run.model, run.trace, run.target))
