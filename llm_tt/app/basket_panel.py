"""The basket of interventions, on every page: one row each, what they do together, and the way back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from llm_tt.app.basket_state import can_undo, change_basket, current_basket, row_version, undo
from llm_tt.app.navigation import page_shown
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

_PAGE: Final = "basket_rows_page"
_IS_NEW_PAGE: Final = "basket_rows_are_new"

ROWS_IN_SIGHT: Final = 6
ROWS_HEIGHT: Final = 360
"""Pixels; more rows than are in sight scroll."""

COLUMNS: Final = (0.5, 2.6, 2.6, 2.0, 0.9)

BASELINES: Final = {"mean": "what is usual", "zero": "nothing"}


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
    st.session_state[_IS_NEW_PAGE] = st.session_state.get(_PAGE) != page_shown()
    with st.container(height=ROWS_HEIGHT if len(items) > ROWS_IN_SIGHT else "content", border=False):
        for number, (item, problem) in enumerate(zip(items, problems, strict=True)):
            _show_row(number, item, trace, problem, names)
    st.session_state[_PAGE] = page_shown()  # not before: who goes on at once has seen no row yet


def _summary(basket: Basket, n_acting: int, effect: str) -> str:
    if not basket.items:
        return ":gray[No interventions.]"
    n_on, n_all = len(basket.active), len(basket.items)
    count = f"{n_on} on" if n_on == n_all else f"{n_on} of {n_all} on"
    if n_acting < n_on:
        count += f", {n_acting} can act here"
    return f"**Interventions** :gray[{count}]" + (f" &nbsp; {effect}" if effect else "")


def _show_row(
    number: int, item: BasketItem, trace: ForwardTrace, problem: LlmTtError | None, names: Names
) -> None:
    tokens = trace.prompt.token_strings
    name = plain(edit_title(item.edit, tokens, names))  # for whoever listens
    columns = st.columns(COLUMNS, vertical_alignment="center", gap="small")
    with columns[0]:
        _bound(number, "on", item.on)
        st.toggle(
            f"Switch: {name}",
            key=_key(number, "on"),
            label_visibility="collapsed",
            on_change=_take,
            args=(number, "on"),
        )
    with columns[1]:
        note = f"  \n:small[:gray[{plain(item.note)}]]" if item.note else ""
        st.markdown(f"{name}{note}")
        if problem is not None:
            st.caption(f":orange[{plain(problem.found)}]")
    with columns[2]:
        _show_strength(number, name, item.edit, trace)
    with columns[3]:
        _show_positions(number, name, item.edit, tokens)
    with columns[4], st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
        _show_more(number, item)


def _show_strength(number: int, name: str, edit: Edit, trace: ForwardTrace) -> None:
    ends = range_of(edit, trace)
    _bound(number, "strength", edit.strength_value, ends.name)
    st.slider(
        f"Strength: {name}",
        ends.low,
        ends.high,
        step=ends.step,
        key=_key(number, "strength", ends.name),
        label_visibility="collapsed",
        on_change=_take,
        args=(number, "strength", ends.name),
    )


def _show_positions(number: int, name: str, edit: Edit, tokens: Sequence[str]) -> None:
    offered: list[Positions] = ["all", "prompt", "generated", *((at,) for at in range(len(tokens)))]
    if edit.positions not in offered:
        offered.append(edit.positions)
    _bound(number, "positions", edit.positions)
    st.selectbox(
        f"Positions: {name}",
        offered,
        key=_key(number, "positions"),
        format_func=lambda positions: positions_label(positions, tokens),
        label_visibility="collapsed",
        on_change=_take,
        args=(number, "positions"),
    )


def _show_more(number: int, item: BasketItem) -> None:
    with st.popover("", icon=":material/edit_note:", type="tertiary", help="Note, and more"):
        _bound(number, "note", item.note)
        st.text_input(
            "Note", key=_key(number, "note"), max_chars=LONGEST_NOTE, on_change=_take, args=(number, "note")
        )
        if isinstance(item.edit, Ablate):
            _bound(number, "baseline", item.edit.baseline)
            st.segmented_control(
                "Replaced by",
                list(BASELINES),
                format_func=BASELINES.__getitem__,
                key=_key(number, "baseline"),
                required=True,
                on_change=_take,
                args=(number, "baseline"),
            )
    st.button(
        "",
        icon=":material/delete:",
        type="tertiary",
        help="Take it out",
        key=_key(number, "delete"),
        on_click=_remove,
        args=(number,),
    )


def _key(number: int, field: str, which: str = "") -> str:
    version = row_version()
    return "-".join(filter(None, (f"edit{number}", field, which, str(version) if version else "")))


def _bound(number: int, field: str, value: object, which: str = "") -> None:
    """What a new widget shows; from then on it says itself what it shows.

    What is written again would go back to the browser, and overtake a quick hand. Another page has other
    widgets under the same keys, which Streamlit shows as if nothing were chosen in them.
    """
    key = _key(number, field, which)
    if key not in st.session_state or st.session_state[_IS_NEW_PAGE]:
        st.session_state[key] = value


def _take(number: int, field: str, which: str = "") -> None:
    """Put what a person chose in a row into the list."""
    basket, key = current_basket(), _key(number, field, which)
    # A row may be gone, or its widgets be made anew, when a late word about them comes.
    if not 0 <= number < len(basket.items) or key not in st.session_state:
        return
    item = basket.items[number]
    try:
        changed = _changed(item, field, st.session_state[key])
    except (InterventionError, TypeError):  # such as a position of the prompt before
        return
    if changed != item:
        change_basket(basket.replace(number, changed), rows_stay=True)


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


def _remove(number: int) -> None:
    basket = current_basket()
    if 0 <= number < len(basket.items):
        change_basket(basket.remove(number))
