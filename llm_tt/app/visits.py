"""How many are here: each open tab is a visit, and a dashboard for many people takes only so many."""

import threading
from typing import Final
from weakref import WeakSet

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from llm_tt.settings import AppSettings

_OWN: Final = "visit"


class _Visit:
    """Lies in the session of a tab, and is gone with it."""

    def __init__(self) -> None:
        context = get_script_run_ctx()
        self._session = "" if context is None else context.session_id

    @property
    def is_open(self) -> bool:
        """Whether its tab is; Streamlit remembers the last 128 that were closed, in case they come back."""
        return not runtime.exists() or bool(runtime.get_instance().is_active_session(self._session))


_all: Final[WeakSet[_Visit]] = WeakSet()
_door: Final = threading.Lock()


def is_admitted(settings: AppSettings) -> bool:
    """Whether there is room for this tab; if not, the page says so. Whoever is in stays in."""
    if _OWN in st.session_state:
        return True
    most = settings.limits.visits
    with _door:
        if not most or sum(visit.is_open for visit in list(_all)) < most:
            visit = _Visit()
            _all.add(visit)
            st.session_state[_OWN] = visit
            return True
    _say_full(most)
    return False


def _say_full(most: int) -> None:
    with st.container(border=True):
        st.markdown(":orange[:material/groups:] **This dashboard is full.**")
        st.text(f"It serves {most:,} open tabs at a time. Try again when somebody may have left.")
        st.button("Try again")
