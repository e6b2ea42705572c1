"""Widgets that several pages share: each returns a plain, frozen value.

What is chosen stands in the address like everything else (`link.py`): Streamlit's own binding of a widget to
the address forgets what a link said as soon as another page is opened.
"""

from dataclasses import replace

import streamlit as st

from llm_tt.app.choice import choose_from_menu, choose_one
from llm_tt.app.link import note, read_once
from llm_tt.app.notices import plain
from llm_tt.model.spec import DTYPES, ModelSpec
from llm_tt.settings import AppSettings

AS_CONFIGURED = "as configured"

_MODEL = "model"
_PRECISION = "precision"


def choose_model(settings: AppSettings) -> ModelSpec:
    """The model menu; where the settings allow it, a folder or hub name can be typed."""
    names = [offered.name for offered in settings.models]
    name = st.session_state[_MODEL] = named_model(settings)
    choose_from_menu(
        "Model",
        names,
        key=_MODEL,
        accept_new_options=may_type(settings),
        help="Choose one, or type a folder of this machine or a name on the Hugging Face hub."
        if may_type(settings)
        else None,
    )
    note(_MODEL, None if name == settings.default_model else name)
    precision = _choose_precision() if settings.access.precision else AS_CONFIGURED
    notes = {offered.name: offered.note for offered in settings.models}
    if notes.get(name):
        st.caption(plain(notes[name]))
    spec = settings.spec_of(name)
    return spec if precision == AS_CONFIGURED else replace(spec, dtype=precision)


def named_model(settings: AppSettings) -> str:
    """The name that was chosen; on a first visit what the address says, where the menu allows that name."""
    read_once(_MODEL, None if may_type(settings) else [offered.name for offered in settings.models])
    name: str = st.session_state[_MODEL] or settings.default_model
    return name


def model_now() -> str | None:
    """The name on the menu, also where the menu is not drawn; None before any page was."""
    name: str | None = st.session_state.get(_MODEL)
    return name


def may_type(settings: AppSettings) -> bool:
    """Whether a person may open more than the models on the menu."""
    return settings.access.local_folders or settings.access.hub_names


def _choose_precision() -> str:
    return choose_one(
        "Precision",
        {name: name for name in (AS_CONFIGURED, *DTYPES)},
        key=_PRECISION,
        in_menu=True,
        in_link=True,
        help="Of the weights. bfloat16 halves their memory; contributions are computed in float32.",
    )
