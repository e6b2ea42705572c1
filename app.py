"""The dashboard's entry: settings -> pages -> run. Start it with `make app` or `llm-tt app`."""

from functools import partial

import streamlit as st

from llm_tt.app.components import ICON
from llm_tt.settings import load_settings

st.set_page_config(page_title="llm_tt", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
st.logo(str(ICON), size="large")
# The graph needs the room.
st.html("<style>.stMainBlockContainer { padding: 4.2rem clamp(1rem, 2.5vw, 2rem) 2rem }</style>")

settings = load_settings()
with st.spinner("Starting …"):  # the first visit after a start waits for torch and its kin
    from llm_tt.app.cached import settle_imports
    from llm_tt.app.pages.flow_page import show_flow_page

    settle_imports()

flow = st.Page(partial(show_flow_page, settings), title="Flow", url_path="flow", default=True)
st.navigation([flow], position="top").run()
