"""The dashboard's entry: settings -> pages -> run. Start it with `make app` or `llm-tt app`."""

import logging

import streamlit as st

from llm_tt.app.components import ICON, read_source
from llm_tt.app.control_rows import NARROW_STYLE
from llm_tt.app.navigation import run_pages
from llm_tt.app.nothing_lost import lose_nothing
from llm_tt.app.visits import is_admitted
from llm_tt.errors import SettingsError
from llm_tt.settings import load_settings

st.set_page_config(page_title="llm_tt", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
st.logo(str(ICON), size="large")
# The graph needs the room; and on a telephone the letters in a map's cells would be dust.
st.html(
    "<style>.stMainBlockContainer { padding: 4.2rem clamp(1rem, 2.5vw, 2rem) 2rem }"
    "@media (max-width: 700px) { .heatmap-label { display: none } }"
    "[data-testid=stElementContainer]:has(> [data-testid=stHtml] > script) { display: none }"
    f"{NARROW_STYLE}</style><script>{read_source('leaving.js')}</script>",
    unsafe_allow_javascript=True,  # our own file, and nothing of anybody's in it
)

lose_nothing()
try:
    settings = load_settings()
except SettingsError as error:  # `llm-tt app` has read them before: somebody has changed the file since
    logging.getLogger("llm_tt").error("%s", error)
    st.error("The settings of this dashboard have been changed and cannot be read. Its log says why.")
    st.stop()
if not is_admitted(settings):
    st.stop()
with st.spinner("Starting …"):  # the first visit after a start waits for torch and its kin
    from llm_tt.app.cached import settle_imports
    from llm_tt.app.pages.anatomy_page import show_anatomy_page
    from llm_tt.app.pages.compare_page import show_compare_page
    from llm_tt.app.pages.concepts_page import show_concepts_page
    from llm_tt.app.pages.flow_page import show_flow_page
    from llm_tt.app.pages.intervene_page import show_intervene_page
    from llm_tt.app.pages.roles_page import show_roles_page
    from llm_tt.app.pages.trace_page import show_trace_page

    settle_imports()

run_pages(
    settings,
    {
        "Flow": show_flow_page,
        "Trace": show_trace_page,
        "Intervene": show_intervene_page,
        "Compare": show_compare_page,
        "Anatomy": show_anatomy_page,
        "Concepts": show_concepts_page,
        "Roles": show_roles_page,
    },
)
