"""Widgets that several pages share: each returns a plain, frozen value."""

from dataclasses import replace

import streamlit as st

from llm_tt.app.notices import plain
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import AppSettings, load_examples

PRECISIONS = ("float32", "bfloat16", "float16")


def choose_model(settings: AppSettings) -> ModelSpec:
    """The model menu, in the sidebar; where the settings allow it, a folder or hub name can be typed."""
    may_type = settings.access.local_folders or settings.access.hub_names
    names = [offered.name for offered in settings.models]
    with st.sidebar:
        source = st.selectbox(
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
        dtype = st.selectbox(
            "Precision",
            PRECISIONS,
            key="precision",
            bind="query-params",
            help="Of the weights. bfloat16 halves their memory; contributions are computed in float32.",
        )
        source = source or settings.default_model
        notes = {offered.name: offered.note for offered in settings.models}
        if notes.get(source):
            st.caption(plain(notes[source]))
    return replace(settings.spec_of(source), dtype=dtype)


def choose_prompt() -> str:
    """The prompt box with its examples."""
    examples = {example.label: example.prompt for example in load_examples()}
    if "prompt" not in st.session_state and "prompt" not in st.query_params:
        st.session_state["prompt"] = next(iter(examples.values()))

    def take_example() -> None:
        if st.session_state["example"]:
            st.session_state["prompt"] = examples[st.session_state["example"]]

    text = st.text_area("Prompt", key="prompt", height=88, bind="query-params")
    st.pills("Examples", list(examples), key="example", on_change=take_example, label_visibility="collapsed")
    return text or ""
