"""Widgets that several pages share: each returns a plain, frozen value."""

from dataclasses import replace

import streamlit as st

from llm_tt.app.notices import plain
from llm_tt.model.spec import DTYPES, ModelSpec
from llm_tt.settings import AppSettings

AS_CONFIGURED = "as configured"


def choose_model(settings: AppSettings) -> ModelSpec:
    """The model menu; where the settings allow it, a folder or hub name can be typed."""
    names = [offered.name for offered in settings.models]
    name = st.selectbox(
        "Model",
        names,
        index=names.index(settings.default_model),
        accept_new_options=may_type(settings),
        key="model",
        bind="query-params",
        help="Choose one, or type a folder of this machine or a name on the Hugging Face hub."
        if may_type(settings)
        else None,
    )
    name = name or settings.default_model
    precision = _choose_precision() if settings.access.precision else AS_CONFIGURED
    notes = {offered.name: offered.note for offered in settings.models}
    if notes.get(name):
        st.caption(plain(notes[name]))
    spec = settings.spec_of(name)
    return spec if precision == AS_CONFIGURED else replace(spec, dtype=precision)


def may_type(settings: AppSettings) -> bool:
    """Whether a person may open more than the models on the menu."""
    return settings.access.local_folders or settings.access.hub_names


def _choose_precision() -> str:
    return st.selectbox(
        "Precision",
        (AS_CONFIGURED, *DTYPES),
        key="precision",
        bind="query-params",
        help="Of the weights. bfloat16 halves their memory; contributions are computed in float32.",
    )
