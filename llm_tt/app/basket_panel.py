"""The basket of interventions, on every page: one row each, what they do together, and the way back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple, TypedDict

import streamlit as st

from llm_tt.app.basket_state import can_undo, change_basket, current_basket, row_version, undo
from llm_tt.app.bound_widget import BoundWidget
from llm_tt.app.notices import plain
from llm_tt.app.strengths import range_of
from llm_tt.errors import InterventionError, LlmTtError
from llm_tt.intervention.basket import LONGEST_NOTE, Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Edit
from llm_tt.intervention.positions import Positions
from llm_tt.render.edit_words import edit_title, positions_label
from llm_tt.render.part_words import NO_NAMES, Names
from llm_tt.tracing.trace import ForwardTrace

FILE_NAME: Final = "interventions.json"

ROWS_IN_SIGHT: Final = 6
ROWS_HEIGHT: Final = 360
"""Pixels; more rows than are in sight scroll."""

COLUMNS: Final = (0.5, 2.6, 2.6, 2.0, 0.9)

BASELINES: Final = {"mean": "what is usual", "zero": "nothing"}


class Row(NamedTuple):
    """Where an intervention stands, until the rows are made anew."""

    number: int
    version: int


def show_basket_head(n_acting: int, effect: str, *, fits_into_link: bool) -> None:
    """The title, what the interventions do to the prediction, and what can be done with them all."""
    basket = current_basket()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_summary(basket, n_acting, effect), width="stretch")
        st.button(
            "Undo",
            icon=":material/undo:",
            type="tertiary",
            on_click=undo,
            disabled=not can_undo(),
            key="undo",
        )
        if basket.items:
            st.download_button(
                "Save",
                basket.to_json(),
                FILE_NAME,
                "application/json",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key="save-basket",
            )
            st.button(
                "Clear",
                icon=":material/delete_sweep:",
                type="tertiary",
                on_click=change_basket,
                args=(Basket(),),
                key="clear-basket",
            )
    if not fits_into_link:
        st.caption("Too many interventions for a link: save them as a file to share them.")


def show_basket_rows(
    trace: ForwardTrace, problems: Sequence[LlmTtError | None], names: Names = NO_NAMES
) -> None:
    """One row for each intervention; `problems` say why one cannot act on this prompt."""
    items = current_basket().items
    with st.container(height=ROWS_HEIGHT if len(items) > ROWS_IN_SIGHT else "content", border=False):
        for number, (item, problem) in enumerate(zip(items, problems, strict=True)):
            _show_row(Row(number, row_version()), item, trace, problem, names)


def _summary(basket: Basket, n_acting: int, effect: str) -> str:
    if not basket.items:
        return ":gray[No interventions.]"
    n_on, n_all = len(basket.active), len(basket.items)
    count = f"{n_on} on" if n_on == n_all else f"{n_on} of {n_all} on"
    if n_acting < n_on:
        count += f", {n_acting} can act here"
    return f"**Interventions** :gray[{count}]" + (f" &nbsp; {effect}" if effect else "")


def _show_row(
    row: Row, item: BasketItem, trace: ForwardTrace, problem: LlmTtError | None, names: Names
) -> None:
    tokens = trace.prompt.token_strings
    name = plain(edit_title(item.edit, tokens, names))  # for whoever listens
    columns = st.columns(COLUMNS, vertical_alignment="center", gap="small")
    with columns[0]:
        switch = _field(row, "on", item.on)
        st.toggle(f"Switch: {name}", item.on, label_visibility="collapsed", **switch)
    with columns[1]:
        note = f"  \n:small[:gray[{plain(item.note)}]]" if item.note else ""
        st.markdown(f"{name}{note}")
        if problem is not None:
            st.caption(f":orange[{plain(problem.found)}]")
    with columns[2]:
        _show_strength(row, name, item.edit, trace)
    with columns[3]:
        _show_positions(row, name, item.edit, tokens)
    with columns[4], st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
        _show_more(row, item)


def _show_strength(row: Row, name: str, edit: Edit, trace: ForwardTrace) -> None:
    ends, strength = range_of(edit, trace), edit.strength_value
    slider = _field(row, "strength", strength, about=ends)
    st.slider(
        f"Strength: {name}",
        ends.low,
        ends.high,
        strength,
        step=ends.step,
        label_visibility="collapsed",
        **slider,
    )


def _show_positions(row: Row, name: str, edit: Edit, tokens: Sequence[str]) -> None:
    offered: list[Positions] = ["all", "prompt", "generated", *((at,) for at in range(len(tokens)))]
    if edit.positions not in offered:
        offered.append(edit.positions)
    menu = _field(row, "positions", edit.positions, about=tuple(tokens))
    st.selectbox(
        f"Positions: {name}",
        offered,
        offered.index(edit.positions),
        format_func=lambda positions: positions_label(positions, tokens),
        label_visibility="collapsed",
        **menu,
    )


def _show_more(row: Row, item: BasketItem) -> None:
    with st.popover("", icon=":material/edit_note:", type="tertiary", help="Note, and more"):
        st.text_input("Note", item.note, max_chars=LONGEST_NOTE, **_field(row, "note", item.note))
        if isinstance(item.edit, Ablate):
            baseline = item.edit.baseline
            st.segmented_control(
                "Replaced by",
                list(BASELINES),
                default=baseline,
                format_func=BASELINES.__getitem__,
                required=True,
                **_field(row, "baseline", baseline),
            )
    st.button(
        "",
        icon=":material/delete:",
        type="tertiary",
        help="Take it out",
        key=f"edit{row.number}-delete" + (f"-{row.version}" if row.version else ""),
        on_click=_remove,
        args=(row,),
    )


class _Field(TypedDict):
    key: str
    on_change: Callable[[], None]


def _field(row: Row, field: str, value: object, about: object = None) -> _Field:
    """How the widget of one field of a row is named, and what it does."""
    widget = BoundWidget(f"edit{row.number}-{field}", value, (row.version, about))
    return _Field(key=widget.key, on_change=widget.on_change(partial(_take, row, field)))


def _take(row: Row, field: str, chosen: object) -> object:
    """Put what a person chose in a row into the list."""
    basket = current_basket()
    if not _is_there(row):  # a late word
        return chosen
    item = basket.items[row.number]
    try:
        changed = _changed(item, field, chosen)
    except (InterventionError, TypeError):  # such as a position of the prompt before
        return chosen
    if changed != item:
        change_basket(basket.replace(row.number, changed), rows_stay=True)
    return chosen


def _changed(item: BasketItem, field: str, value: Any) -> BasketItem:  # noqa: ANN401 (of any widget)
    match field:
        case "on":
            return replace(item, on=value)
        case "note":
            return replace(item, note=value)
        case "strength":
            return replace(item, edit=item.edit.with_strength(value))
        case "positions":
            return replace(item, edit=item.edit.at(value))
        case "baseline" if isinstance(item.edit, Ablate) and value is not None:
            return replace(item, edit=replace(item.edit, baseline=value))
        case _:
            return item


def _remove(row: Row) -> None:
    if _is_there(row):
        change_basket(current_basket().remove(row.number))


def _is_there(row: Row) -> bool:
    return row.version == row_version() and row.number < len(current_basket().items)
