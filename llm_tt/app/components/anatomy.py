"""The picture of layers in the page, and the courier that tells it what was chosen elsewhere."""

from collections.abc import Callable, Mapping

import streamlit as st

from llm_tt.app.components import read_source
from llm_tt.render import anatomy_view

_picture = st.components.v2.component(
    "llm_tt_anatomy",
    html="<div class='anatomy'></div>",
    css=anatomy_view.stylesheet(),
    js=anatomy_view.module() + read_source("anatomy.js"),
)

_courier = st.components.v2.component(
    "llm_tt_anatomy_chosen",
    html="<div class='chosen'></div>",
    css=".chosen { display: none }",
    js=read_source("anatomy_chosen.js"),
)

_KEY = "anatomy"


def draw_anatomy(
    payload: bytes, *, prompt: str, chosen: str | None, times: int, on_node: Callable[[object], None]
) -> None:
    """Draw the layers; what is clicked is reported before the page runs again.

    `chosen` is the part that is selected, and `times` counts how often it was chosen elsewhere than on the
    picture: only then does the picture follow, and its bytes need not be sent again. Clicks on the picture
    of another prompt, which were under way when it changed, are passed over.
    """

    def tell() -> None:
        sent = (st.session_state.get(_KEY) or {}).get("selection")
        if isinstance(sent, Mapping) and sent.get("prompt") == prompt:
            on_node(sent.get("part"))

    _courier(key="anatomy_chosen", data={"prompt": prompt, "chosen": chosen, "times": times})
    _picture(key=_KEY, data=payload, on_selection_change=tell)
