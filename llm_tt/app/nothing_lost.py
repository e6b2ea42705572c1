"""A message that was taken is heard to its end, however quickly the next one follows.

Streamlit looks for newer messages whenever the session's state is touched, and breaks off whatever runs when
there is one: a callback in its middle, too, or before it has begun. By then the widget's change has been
noted, so that nobody calls the callback again, and what was typed stands in its box and is never taken.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from streamlit.runtime.state.safe_session_state import SafeSessionState

P = ParamSpec("P")


def lose_nothing() -> None:
    """For the whole server, once; a second call does nothing."""
    if not hasattr(SafeSessionState.on_script_will_rerun, "__wrapped__"):
        whole = _heard_whole(SafeSessionState.on_script_will_rerun)
        SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign, assignment]


def _heard_whole(
    hear: Callable[Concatenate[SafeSessionState, P], None],
) -> Callable[Concatenate[SafeSessionState, P], None]:
    """The same without looking for messages; Streamlit looks right after."""

    @functools.wraps(hear)
    def hear_whole(state: SafeSessionState, /, *args: P.args, **options: P.kwargs) -> None:
        look_for_messages = state._yield_callback
        object.__setattr__(state, "_yield_callback", lambda: None)
        try:
            hear(state, *args, **options)
        finally:
            object.__setattr__(state, "_yield_callback", look_for_messages)

    return hear_whole
