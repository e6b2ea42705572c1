"""Everything the dashboard keeps between reruns; all of it is shared by all visitors.

Keys are strings and frozen dataclasses and hold all that changes the result. Every cache is bounded: models
by their number, traces by their bytes.
"""

import threading
from typing import Final

import streamlit as st
from cachetools import LRUCache

from llm_tt.errors import MemoryLimitError, PromptError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.loading import load_model
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import load_settings
from llm_tt.tracing.forward import capture
from llm_tt.tracing.trace import ForwardTrace

_settings = load_settings()  # one process serves one settings file

_traces: Final[LRUCache[tuple[ModelSpec, str], ForwardTrace]] = LRUCache(
    maxsize=_settings.caches.trace_megabytes * 2**20, getsizeof=lambda trace: trace.n_bytes
)
_traces_lock: Final = threading.Lock()


@st.cache_resource(max_entries=_settings.caches.models, show_spinner="Opening the model and checking it …")
def open_model(spec: ModelSpec) -> LanguageModel:
    """An opened model; one copy serves everybody, its lock keeps runs apart."""
    return load_model(spec)


def run_prompt(spec: ModelSpec, text: str) -> ForwardTrace:
    """The trace of a prompt, within the limits of the settings."""
    key = (spec, text)
    with _traces_lock:
        known = _traces.get(key)
    if known is not None:
        return known
    model = open_model(spec)
    with st.spinner("Running the prompt …"):
        try:
            trace = _capture_within_limits(model, text)
        except MemoryLimitError:
            with _traces_lock:  # make room, and try once more
                _traces.clear()
            trace = _capture_within_limits(model, text)
    with _traces_lock:
        if trace.n_bytes <= _traces.maxsize:
            _traces[key] = trace
    return trace


def _capture_within_limits(model: LanguageModel, text: str) -> ForwardTrace:
    limits = _settings.limits
    _check_length(len(text), limits.prompt_characters, "characters")  # before the tokenizer spends seconds
    prompt = model.tokenize(text)
    _check_length(len(prompt), limits.prompt_tokens, "tokens")
    return capture(model, prompt, memory_limit=limits.memory_bytes)


def _check_length(length: int, longest: int, unit: str) -> None:
    if length > longest:
        raise PromptError(
            asked="Trace a prompt.",
            found=f"It has {length:,} {unit}, and this dashboard takes at most {longest:,}.",
            remedy="Shorten it.",
        )
