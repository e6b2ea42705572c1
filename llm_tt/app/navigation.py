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


def show_on_new_page(key: str, value: str) -> None:
    """Let a menu that several pages share begin with what is chosen: each page has a new one, an empty one.

    Not always: what is written goes back to the browser, and would overtake a quick hand.
    """
    place = f"{key} is shown on"
    shown_before = place in st.session_state and st.session_state[place] == page_shown()
    if not shown_before or st.session_state.get(key) is None:
        st.session_state[key], st.session_state[place] = value, page_shown()


def go_to(title: str) -> None:
    """Another page, with everything that is chosen."""
    st.switch_page(st.session_state[_PAGES][title])
