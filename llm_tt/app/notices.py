"""Text of other people on a page: shown as it is, never read as Markdown or HTML."""

import re

import streamlit as st

from llm_tt.errors import LlmTtError

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!:$~|&@^=])")


def plain(text: str) -> str:
    """Escape a text so that Streamlit's Markdown shows exactly these characters."""
    return _MARKUP.sub(r"\\\1", text).replace("\n", "  \n")


def show_error(error: LlmTtError) -> None:
    """What was asked, what was found, what to do: one box, three lines."""
    lines = [f"**{plain(error.asked)}**", plain(error.found), plain(error.remedy)]
    st.error("\n\n".join(lines), icon=":material/error:")
