"""Nothing of what a visitor did is lost, however quickly the next thing follows.

Streamlit folds messages that wait into one and keeps, of the older one, only its buttons: what is typed in
the instant before a click on another page would be gone. And it looks for newer messages whenever the
session's state is touched, and breaks off whatever runs when there is one, a callback in its middle, too; by
then the widget's change has been noted, so that nobody calls the callback again.

Both hold where a session has one runner for all of its messages, as `fastReruns = false` of
.streamlit/config.toml has it.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.state.safe_session_state import SafeSessionState

P = ParamSpec("P")

Fold = Callable[[WidgetStates | None, WidgetStates | None], WidgetStates | None]


def lose_nothing() -> None:
    """For the whole server, once; a second call does nothing."""
    if not hasattr(SafeSessionState.on_script_will_rerun, "__wrapped__"):
        whole = _run_whole(SafeSessionState.on_script_will_rerun)
        SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign, assignment]
        script_requests._coalesce_widget_states = _fold_all(  # type: ignore[assignment]
            script_requests._coalesce_widget_states
        )


def _run_whole(
    run_callbacks: Callable[Concatenate[SafeSessionState, P], None],
) -> Callable[Concatenate[SafeSessionState, P], None]:
    """Callbacks without looking for messages before or in between; Streamlit looks right after.

    Before, too: a message that has been taken and is put aside for a newer one is heard by nobody.
    """

    @functools.wraps(run_callbacks)
    def run(state: SafeSessionState, /, *args: P.args, **options: P.kwargs) -> None:
        look_for_messages = state._yield_callback
        object.__setattr__(state, "_yield_callback", lambda: None)
        try:
            run_callbacks(state, *args, **options)
        finally:
            object.__setattr__(state, "_yield_callback", look_for_messages)

    return run


def _fold_all(fold: Fold) -> Fold:
    """Also what only the older message knows: the widgets of the page that is being left."""

    @functools.wraps(fold)
    def fold_all(older: WidgetStates | None, newer: WidgetStates | None) -> WidgetStates | None:
        folded = fold(older, newer)
        if older is not None and folded is not None:
            known = {state.id for state in folded.widgets}
            folded.widgets.extend(state for state in older.widgets if state.id not in known)
        return folded

    return fold_all
