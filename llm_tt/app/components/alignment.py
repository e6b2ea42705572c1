"""The two rows of tokens in the page, and the pairs that a person makes."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.app.components.clicks import report_click

_rows = st.components.v2.component(
    "llm_tt_alignment",
    html="<div class='alignment'></div>",
    css=read_source("alignment.css"),
    js=read_source("alignment.js"),
)

_KEY: Final = "alignment-rows"


def show_alignment_rows(data: Mapping[str, object], *, name: str, on_pair: Callable[[object], None]) -> None:
    """Draw them; a pair is reported as two positions, one of which may be None."""
    _rows(
        key=_KEY,
        data={**data, "name": name},
        on_pair_change=lambda: report_click(_KEY, name, "pair", "pair", on_pair),
    )
