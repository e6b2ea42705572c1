"""Everything the dashboard keeps between reruns, and for whom: all of it is shared by all visitors.

Keys are strings and frozen dataclasses and hold all that changes the result. Every cache is bounded.
"""

import streamlit as st

from llm_tt.errors import PromptError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.loading import load_model
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import load_settings
from llm_tt.tracing.forward import capture
from llm_tt.tracing.trace import ForwardTrace

_settings = load_settings()  # one process serves one settings file


@st.cache_resource(max_entries=_settings.caches.models, show_spinner="Opening the model and checking it …")
def open_model(spec: ModelSpec) -> LanguageModel:
    """An opened model; one copy serves everybody, its lock keeps runs apart."""
    return load_model(spec)


@st.cache_resource(max_entries=_settings.caches.traces, show_spinner="Running the prompt …")
def run_prompt(spec: ModelSpec, text: str) -> ForwardTrace:
    """The trace of a prompt, within the limits of the settings."""
    model = open_model(spec)
    prompt = model.tokenize(text)
    longest = _settings.limits.prompt_tokens
    if len(prompt) > longest:
        raise PromptError(
            asked="Trace a prompt.",
            found=f"It has {len(prompt):,} tokens, and this dashboard takes at most {longest:,}.",
            remedy="Shorten it.",
        )
    return capture(model, prompt, memory_limit=_settings.limits.memory_bytes)
