"""A long list on a page: its beginning, and more of it by a button."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st


@dataclass(frozen=True, slots=True)
class LongList:
    """How much is shown; kept with the visit."""

    name: str
    at_first: int
    step: int

    @property
    def n_shown(self) -> int:
        """Rows from the first one."""
        return int(st.session_state.get(self._key, self.at_first))

    def begin_again(self) -> None:
        """Another question, another list."""
        st.session_state[self._key] = self.at_first

    def offer_more(self, label: str = "More", *, is_quiet: bool = False) -> None:
        """The button below it."""
        kind: Literal["tertiary", "secondary"] = "tertiary" if is_quiet else "secondary"
        st.button(label, key=f"more-{self.name}", type=kind, on_click=self._show_more)

    def _show_more(self) -> None:
        st.session_state[self._key] = self.n_shown + self.step

    @property
    def _key(self) -> str:
        return f"{self.name}_shown"
