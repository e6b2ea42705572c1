"""What is asked of the rows: which prompts, by which method, and which number the map shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from llm_tt.app.choice import choose_one
from llm_tt.app.control_rows import controls
from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.batch.relations import RELATIONS, Relation
from llm_tt.render.role_cells import ABOUT_MEASURED, MEASURED, Measured
from llm_tt.smallworld.generation import task_names, task_title
from llm_tt.summaries.runs import Runs

ALL: Final = "All prompts"
NOTHING: Final = "no other group"

_TITLES: Final = {name: task_title(name) for name in task_names()}
"""Of groups that are tasks; other groups are called what their file calls them."""


@dataclass(frozen=True, slots=True)
class AskedOfRuns:
    """Plain values."""

    method: str
    group: str | None
    """None: all prompts."""
    without: str | None
    """The group whose numbers are taken away; None where there is no difference."""
    measured: Measured
    relation: Relation | None
    """Where the map shows attention."""


def ask(runs: Runs, relations: tuple[Relation, ...]) -> AskedOfRuns:
    """A row of controls; those that have nothing to choose are left out. `relations` occur in the prompts."""
    has_groups, has_methods = len(runs.groups) > 1, len(runs.methods) > 1
    widths = [2.2, *([1.8, 1.8] if has_groups else []), *([1.6] if has_methods else [])]
    columns = iter(controls("asked", [*widths, max(0.1, 7.4 - sum(widths))]))
    with next(columns):
        shown = _ask_shown(relations)
    group = without = None
    if has_groups:
        with next(columns):
            group = _choose("Group", "group", _titled((ALL, *runs.groups), _TITLES))
        with next(columns):
            others = tuple(name for name in runs.groups if name != group)
            without = _choose("Difference from", "without", _titled((NOTHING, *others), _TITLES))
    method = runs.methods[0]
    if has_methods:
        with next(columns):
            method = _choose("Method", "roles-method", _titled(runs.methods, METHOD_LABELS))
    return AskedOfRuns(
        method=method,
        group=None if group in (None, ALL) else group,
        without=None if without in (None, NOTHING) else without,
        measured=next((name for name in MEASURED if name == shown), "share"),
        relation=next((name for name in relations if name == shown), None),
    )


def _ask_shown(relations: tuple[Relation, ...]) -> str:
    names: dict[str, str] = dict(MEASURED.items())
    names |= {name: f"Attention to {RELATIONS[name]}" for name in relations}
    about = "  \n".join(f"**{names[name]}**: {text}" for name, text in ABOUT_MEASURED.items())
    return _choose("The map shows", "map", names, about)


def _choose(label: str, key: str, names: Mapping[str, str], help: str | None = None) -> str:
    return choose_one(label, names, key=key, in_menu=True, in_link=True, help=help)


def _titled(names: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    return {name: titles.get(name, name) for name in names}
