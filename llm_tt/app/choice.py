"""One of a few, side by side: kept from page to page, and in the address where a link should carry it."""

from collections.abc import Mapping
from typing import TypeVar, cast

import streamlit as st

from llm_tt.app.link import note, read_once

T = TypeVar("T", bound=str)


def choose_one(  # noqa: PLR0913 (what is offered, and how it is said and kept)
    label: str,
    names: Mapping[T, str],
    *,
    key: str,
    explained: Mapping[str, str] | None = None,
    help: str | None = None,
    hide_label: bool = False,
    in_link: bool = False,
) -> T:
    """The first of `names`, which are what a person reads, until another one is chosen.

    With `explained`, a sentence for each stands behind the question mark.
    """
    first = next(iter(names))
    if in_link:
        read_once(key, names)
    if st.session_state.get(key) not in names:
        st.session_state[key] = first
    if explained is not None:
        help = "  \n".join(f"**{names[choice]}**: {explained[choice]}" for choice in names)
    chosen = st.segmented_control(
        label,
        list(names),
        key=key,
        format_func=names.__getitem__,
        required=True,
        persist_state="session",
        label_visibility="collapsed" if hide_label else "visible",
        help=help,
    )
    if in_link:
        note(key, None if chosen == first else chosen)
    return cast(T, chosen)
