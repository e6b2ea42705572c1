"""What is asked of the rows: which prompts, by which method, and which number the map shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.choice import choose_from_menu
from llm_tt.app.control_rows import controls
from llm_tt.app.link import note, read_once
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
            group = _choose("Group", "group", (ALL, *runs.groups), _TITLES)
        with next(columns):
            others = tuple(name for name in runs.groups if name != group)
            without = _choose("Difference from", "without", (NOTHING, *others), _TITLES)
    method = runs.methods[0]
    if has_methods:
        with next(columns):
            method = _choose("Method", "roles-method", runs.methods, METHOD_LABELS)
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
    return _choose("The map shows", "map", tuple(names), names, about)


def _choose(
    label: str,
    key: str,
    offered: tuple[str, ...],
    names: Mapping[str, str] | None = None,
    help: str | None = None,
) -> str:
    """A menu that is kept with the visit and stands in the address."""
    read_once(key, offered)
    if st.session_state[key] not in offered:
        st.session_state[key] = offered[0]
    chosen = choose_from_menu(
        label, offered, key=key, format_func=lambda name: (names or {}).get(name, name), help=help
    )
    note(key, None if chosen == offered[0] else chosen)
    return str(chosen)
