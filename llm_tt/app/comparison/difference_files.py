"""The difference as a file: a page that opens anywhere, or a table of edges."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from llm_tt.app.comparison.both_sides import BothSides, compared, payload_of_difference
from llm_tt.app.components.file import send_file, send_no_file
from llm_tt.app.notes import names_of
from llm_tt.errors import ExportError
from llm_tt.render.difference_table import as_csv
from llm_tt.render.standalone_html import FLOW, standalone_html
from llm_tt.settings import AppSettings

_ASKED: Final = "difference_file_asked_for"


def ask_for_difference(request: object) -> None:
    """What the graph sent: the name of a format, and the view."""
    st.session_state[_ASKED] = request


def hand_over_difference(settings: AppSettings, both: BothSides) -> None:
    """Make the file that was asked for, if one was.

    Raises:
        ExportError: there is no such format.
        ComparisonError: there is no difference.
    """
    asked = st.session_state.pop(_ASKED, None)
    if not isinstance(asked, Mapping):
        return
    request, format, view = str(asked.get("at")), asked.get("format"), asked.get("view")
    try:
        if not isinstance(view, Mapping) or format not in ("html", "csv"):
            raise ExportError(
                asked="Save the difference.",
                found="There is no such format.",
                remedy="Choose one from the menu.",
            )
        content = _page(settings, both, view) if format == "html" else _table(both, view)
    except Exception:  # whatever it is, nobody needs to wait
        send_no_file(request)
        raise
    mime = "text/html" if format == "html" else "text/csv"
    send_file(content, name=f"difference-{both.first.method}.{format}", mime=mime, request=request)


def _page(settings: AppSettings, both: BothSides, view: Mapping[str, object]) -> bytes:
    comparison = compared(both)
    title = " → ".join(dict.fromkeys(run.trace.prompt.text for run in (comparison.first, comparison.second)))
    news = {"names": dict(names_of(settings, comparison.first.model))}
    page = standalone_html(FLOW, payload_of_difference(both), title=title, news=news, view=dict(view))
    return page.encode()


def _table(both: BothSides, view: Mapping[str, object]) -> bytes:
    return as_csv(compared(both).difference(_threshold(both, view)))


def _threshold(both: BothSides, view: Mapping[str, object]) -> float | None:
    """Where the slider stands, in the first graph."""
    cut = view.get("cut")
    if not isinstance(cut, Mapping):
        return None
    unit, value = cut.get("unit"), cut.get("value")
    if unit not in ("threshold", "density", "mass") or not isinstance(value, (int, float)):
        return None
    pair = compared(both).pair
    if unit == "threshold" or pair is None:
        return float(value)
    return pair.first.threshold_for(**{str(unit): float(value)})
