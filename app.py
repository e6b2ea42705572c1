"""The dashboard's entry: settings -> pages -> run. Start it with `make app` or `llm-tt app`."""

from functools import partial

import streamlit as st

from llm_tt.app.components import ICON
from llm_tt.settings import load_settings

st.set_page_config(page_title="llm_tt", page_icon=str(ICON), layout="wide")
st.logo(str(ICON), size="large")

settings = load_settings()
with st.spinner("Starting …"):  # the first visit after a start waits for torch and its kin
    from llm_tt.app.pages.start_page import show_start_page

start = st.Page(partial(show_start_page, settings), title="Start", url_path="start", default=True)
st.navigation([start], position="top").run()
