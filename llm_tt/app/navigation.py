"""The pages of the dashboard, and how one leads to another."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st

from llm_tt.settings import AppSettings

_PAGES: Final = "pages"
_SHOWN: Final = "page_shown"

ShowPage = Callable[[AppSettings], None]


def run_pages(settings: AppSettings, pages: Mapping[str, ShowPage]) -> None:
    """Show the page of the address; the first one where it names none."""
    first = next(iter(pages))
    made = {
        title: st.Page(partial(show, settings), title=title, url_path=title.lower(), default=title == first)
        for title, show in pages.items()
    }
    st.session_state[_PAGES] = made
    chosen = st.navigation(list(made.values()), position="top")
    st.session_state[_SHOWN] = chosen.title
    chosen.run()


def page_shown() -> str | None:
    """The title of the page that is being shown; None outside of the dashboard."""
    title: str | None = st.session_state.get(_SHOWN)
    return title


def go_to(title: str) -> None:
    """Another page, with everything that is chosen."""
    st.switch_page(st.session_state[_PAGES][title])
