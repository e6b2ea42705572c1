"""What differs in numbers: both predictions, and the heads and MLPs that changed most."""

import streamlit as st

from llm_tt.app.comparison.both_sides import BothSides, compared, numbers_of_both
from llm_tt.app.comparison.selected_part import select_beside
from llm_tt.app.inspector.choosing import ROW_HEIGHT, choose_from_table
from llm_tt.app.notices import plain
from llm_tt.comparison.compared import Comparison
from llm_tt.render.comparison_tables import change_columns, likeness_in_words, number_columns
from llm_tt.render.flow_payload import visible_tokens
from llm_tt.render.sides import names_of_sides
from llm_tt.render.weight_words import decimals_for, unit_of
from llm_tt.tracing.parts import Part


def show_changes(both: BothSides, part: Part | None) -> None:
    """Two tables beside each other."""
    comparison, numbers = compared(both), numbers_of_both(both)
    names = names_of_sides(comparison.first, comparison.second)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**In numbers**")
        st.dataframe(
            number_columns(numbers, names),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height="content",
            alt="Both predictions and graphs in numbers",
        )
        st.caption(plain(likeness_in_words(numbers)))
    with right:
        _show_largest(comparison, both, part, names)


def _show_largest(comparison: Comparison, both: BothSides, part: Part | None, names: tuple[str, str]) -> None:
    st.markdown(
        "**What changed most**",
        help="Heads and MLPs at a token: the sum of their edges on the main routes of one of both, with the "
        "weights of each.",
    )
    likeness = numbers_of_both(both).likeness
    if likeness is None or not likeness.largest_changes:
        st.caption(_why_none(comparison))
        return
    unit = unit_of(comparison.first.shares)
    changes = likeness.largest_changes
    columns = change_columns(changes, column_labels(comparison), names, unit)
    largest = max(max(abs(one.first), abs(one.second)) for one in changes)
    number, change = (f"%+.{decimals_for(largest)}f",) * 2 if unit else ("%.1f", "%+.1f")
    choose_from_table(
        columns,
        [one.part for one in changes],
        select_beside,
        key=f"largest-changes-{both.name}",
        unit=None,
        chosen=part,
        column_config={
            **dict.fromkeys(names, st.column_config.NumberColumn(format=number, width=76)),
            "change": st.column_config.NumberColumn(format=change, width=76),
        },
    )
    st.caption(f"In {unit}." if unit else "In per cent of the sum that each enters.")


def column_labels(comparison: Comparison) -> tuple[str, ...]:
    """The columns as the picture names them."""
    sides = (comparison.first, comparison.second)
    return comparison.alignment.labels(*(visible_tokens(run.trace.prompt) for run in sides))


def _why_none(comparison: Comparison) -> str:
    if comparison.pair is None:
        return "The models have other sizes: their heads are not the same ones."
    if not comparison.pair.is_one_unit:
        return "The two are in different units: no difference of weights means anything."
    return "Nothing changed."
