"""How many parts of each sort have nodes of their own, and by which measure; both are in the address."""

import re
from dataclasses import astuple
from typing import Final

import streamlit as st

from llm_tt.anatomy.measures import MEASURES, Measure, Numbers
from llm_tt.app.choice import choose_one
from llm_tt.app.link import note
from llm_tt.model.dimensions import ModelDimensions
from llm_tt.render.anatomy_words import MEASURE_NAMES

MENU_WIDTH: Final = 320
"""Pixels."""

LABELS: Final = {
    "heads": "Heads",
    "keys": "Keys of each head",
    "outputs": "Output neurons of attention",
    "neurons": "Neurons of the MLP, for and against",
}
MOST: Final = {"heads": 32, "keys": 8, "outputs": 24, "neurons": 24}
LEAST: Final = {"heads": 1, "keys": 1, "outputs": 0, "neurons": 1}

_LINK: Final = "show"


def choose_measure() -> Measure:
    """What edges weigh."""
    return choose_one("Edges show", MEASURE_NAMES, key="measure", explained=MEASURES, in_link=True)


def chosen_numbers() -> Numbers:
    """As the address or the menu says."""
    if _LINK not in st.session_state:
        st.session_state[_LINK] = _read(st.query_params.get(_LINK))
    numbers: Numbers = st.session_state[_LINK]
    note(_LINK, None if numbers == Numbers() else "-".join(map(str, astuple(numbers))))
    return numbers


def offer_numbers(sizes: ModelDimensions) -> None:
    """A menu with a slider for each sort."""
    numbers = chosen_numbers()
    available = {
        "heads": sizes.n_heads,
        "keys": MOST["keys"],
        "outputs": MOST["outputs"],
        "neurons": sizes.d_mlp // 2,
    }
    menu = st.popover("How much", icon=":material/tune:", help="How many parts have nodes of their own.")
    with menu, st.container(width=MENU_WIDTH):
        for name, label in LABELS.items():
            most = min(MOST[name], available[name])
            if most <= LEAST[name]:
                continue
            key = f"show-{name}"
            st.session_state[key] = min(getattr(numbers, name), most)
            st.slider(label, LEAST[name], most, key=key, on_change=_take, args=(name, key))
        st.caption("All others stand together as “and 500 more”, so that sums close.")


def _take(name: str, key: str) -> None:
    before = chosen_numbers()
    values = {field: getattr(before, field) for field in LABELS}
    st.session_state[_LINK] = Numbers(**{**values, name: int(st.session_state[key])})


def _read(text: str | None) -> Numbers:
    """6-2-4-6; what is out of range is brought into it."""
    if not re.fullmatch(r"[0-9]{1,3}(-[0-9]{1,3}){3}", text or ""):
        return Numbers()
    said = dict(zip(LABELS, map(int, (text or "").split("-")), strict=True))
    return Numbers(**{name: min(max(number, LEAST[name]), MOST[name]) for name, number in said.items()})
