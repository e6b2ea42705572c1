"""Widgets that several pages share: each returns a plain, frozen value."""

from dataclasses import replace

import streamlit as st

from llm_tt.app.notices import plain
from llm_tt.model.spec import DTYPES, ModelSpec
from llm_tt.settings import AppSettings, load_examples

AS_CONFIGURED = "as configured"
LONGEST_IN_LINK = 1500
"""Characters of a prompt that still fit into a link; servers refuse longer ones when the page is reloaded."""


def choose_model(settings: AppSettings) -> ModelSpec:
    """The model menu, in the sidebar; where the settings allow it, a folder or hub name can be typed."""
    may_type = settings.access.local_folders or settings.access.hub_names
    names = [offered.name for offered in settings.models]
    with st.sidebar:
        name = st.selectbox(
            "Model",
            names,
            index=names.index(settings.default_model),
            accept_new_options=may_type,
            key="model",
            bind="query-params",
            help="Choose one, or type a folder of this machine or a name on the Hugging Face hub."
            if may_type
            else None,
        )
        name = name or settings.default_model
        precision = _choose_precision() if settings.access.precision else AS_CONFIGURED
        notes = {offered.name: offered.note for offered in settings.models}
        if notes.get(name):
            st.caption(plain(notes[name]))
    spec = settings.spec_of(name)
    return spec if precision == AS_CONFIGURED else replace(spec, dtype=precision)


def choose_prompt(settings: AppSettings) -> str:
    """The prompt box with its examples; the link of the page carries the prompt while it is short enough."""
    examples = {example.label: example.prompt for example in load_examples()}
    if "prompt" not in st.session_state:
        st.session_state["prompt"] = st.query_params.get("prompt") or next(iter(examples.values()))

    def take_example() -> None:
        label = st.session_state["example"]
        if label:
            st.session_state["prompt"] = examples[label]
            st.session_state["example"] = None  # so that the same one can be taken again

    text = st.text_area("Prompt", key="prompt", height=88, max_chars=settings.limits.prompt_characters) or ""
    st.pills("Examples", list(examples), key="example", on_change=take_example, label_visibility="collapsed")
    if len(text) <= LONGEST_IN_LINK:
        st.query_params["prompt"] = text
    else:
        st.query_params.pop("prompt", None)
    return text


def _choose_precision() -> str:
    return st.selectbox(
        "Precision",
        (AS_CONFIGURED, *DTYPES),
        key="precision",
        bind="query-params",
        help="Of the weights. bfloat16 halves their memory; contributions are computed in float32.",
    )
