"""The part that is selected in a comparison: its positions are columns, so it is the same for both graphs."""

import streamlit as st

from llm_tt.app.chosen import choose_position
from llm_tt.app.comparison.other_state import PART, TIMES
from llm_tt.comparison.alignment import Alignment
from llm_tt.comparison.compared import Comparison
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.written import check_part
from llm_tt.tracing.parts import Part


def selected_part(comparison: Comparison) -> Part | None:
    """The selected part, if one of both runs has it."""
    name = st.session_state.get(PART)
    if not isinstance(name, str):
        return None
    try:
        part = Part.named(name)
        sides = comparison.part(part, 0), comparison.part(part, 1)
        for run, own in zip((comparison.first, comparison.second), sides, strict=True):
            if own is not None:
                check_part(run.trace, own)
    except (TargetError, CapabilityError):
        return None
    return part if any(sides) else None


def select_part(name: object) -> None:
    """By what a graph sent: its name, or None."""
    st.session_state[PART] = name if isinstance(name, str) else None


def select_beside(part: Part | None) -> None:
    """From beside the graphs, which then follow."""
    st.session_state[PART] = None if part is None else str(part)
    st.session_state[TIMES] = times_selected() + 1


def times_selected() -> int:
    """How often something beside the graphs selected; they follow when this grows."""
    return int(st.session_state.get(TIMES, 0))


def explain_column(alignment: Alignment, column: object) -> None:
    """Trace the prediction at a column that was clicked; the other pages then show it, too."""
    if type(column) is int and 0 <= column < len(alignment):
        position = alignment.columns[column][0]
        if position is not None:
            choose_position(position)
