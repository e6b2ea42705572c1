"""One of several, side by side or in a menu: kept in the session, and from there on every page the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import streamlit as st

from llm_tt.app.bound_widget import BoundWidget
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
    in_menu: bool = False,
    first: T | None = None,
) -> T:
    """The `first`, else that of `names`, which are what a person reads, until another one is chosen.

    With `explained`, a sentence for each stands behind the question mark.
    """
    first = first or next(iter(names))
    if in_link:
        read_once(key, names)
    chosen = st.session_state[key] = _if_known(st.session_state.get(key), names) or first
    if explained is not None:
        help = "  \n".join(f"**{names[choice]}**: {explained[choice]}" for choice in names)
    looks: dict[str, Any] = {
        "format_func": names.__getitem__,
        "label_visibility": "collapsed" if hide_label else "visible",
        "help": help,
    }
    if in_menu:
        choose_from_menu(label, list(names), key=key, **looks)
    else:
        control = BoundWidget(f"{key}-choice", chosen)
        take = control.on_change(_keep(key))
        st.segmented_control(
            label, list(names), default=chosen, key=control.key, required=True, on_change=take, **looks
        )
    if in_link:
        note(key, None if chosen == first else chosen)
    return cast(T, chosen)


def choose_from_menu(
    label: str,
    offered: Sequence[T],
    *,
    key: str,
    can_be_empty: bool = False,
    take: Callable[[Any], object] | None = None,
    **looks: Any,  # noqa: ANN401 (what else a menu of Streamlit's takes)
) -> T | None:
    """What the session has under `key`; what a hand chooses goes there, or to `take`."""
    chosen: T | None = st.session_state[key]
    menu = BoundWidget(f"{key}-menu", chosen)
    typed = [] if chosen is None or chosen in offered else [chosen]
    options = [*offered, *typed]
    index = None if chosen is None else options.index(chosen)
    if can_be_empty and chosen is not None:
        # A menu with a default cannot be emptied, so this one is told every time. It also has to learn anew
        # how the chosen one is written here: a browser goes on sending what was written where it was chosen.
        index, st.session_state[menu.key] = None, chosen
    st.selectbox(label, options, index, key=menu.key, on_change=menu.on_change(take or _keep(key)), **looks)
    return chosen


def _if_known(chosen: str | None, names: Mapping[T, str]) -> str | None:
    return chosen if chosen in names else None


def _keep(key: str) -> Callable[[str | None], str | None]:
    def keep(chosen: str | None) -> str | None:
        st.session_state[key] = chosen
        return chosen

    return keep
