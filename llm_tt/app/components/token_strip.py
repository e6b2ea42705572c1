"""A prompt's tokens as a row of chips, one of which is chosen."""

import hashlib

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.model.prompt import Prompt
from llm_tt.render.visible_text import visible_token

_component = st.components.v2.component(
    "llm_tt_token_strip",
    html="<div class='strip' role='listbox' aria-label='Tokens of the prompt'></div>",
    css=read_source("token_strip.css"),
    js=read_source("token_strip.js"),
)


def choose_position(prompt: Prompt, *, key: str) -> int:
    """Show the tokens and return the chosen position; the last one until another is clicked."""
    result = _component(
        key=key,
        data={
            "tokens": [
                {
                    "text": visible_token(token),
                    "id": token_id,
                    "special": pos in prompt.special_positions,
                    "added": pos in prompt.added_positions,
                }
                for pos, (token, token_id) in enumerate(
                    zip(prompt.token_strings, prompt.token_ids, strict=True)
                )
            ],
            "run": _name_of(prompt),
        },
        on_selection_change=lambda: None,
    )
    return _valid_position(result.selection, prompt)


def _valid_position(selection: object, prompt: Prompt) -> int:
    """The browser's answer, if it is about this prompt; browsers can send anything."""
    last = len(prompt) - 1
    if not isinstance(selection, dict) or selection.get("run") != _name_of(prompt):
        return last
    position = selection.get("position")
    return position if isinstance(position, int) and 0 <= position <= last else last


def _name_of(prompt: Prompt) -> str:
    """A short name that another text, or the same text under another tokenizer, does not have."""
    return hashlib.sha256(repr((prompt.text, prompt.token_ids)).encode()).hexdigest()[:16]
