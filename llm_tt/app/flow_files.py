"""Files of the graph on the Flow page: asked for in the browser, which alone knows the cut; made here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from llm_tt.app.cached import background, contributions_of, open_model, run_prompt
from llm_tt.app.components.file import send_file, send_no_file
from llm_tt.app.flow_parts import Picture, payload_of, what_is_known
from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.graph.cuts import Cut
from llm_tt.render.graph_formats import FORMATS, ExportContext, Format, graph_bytes
from llm_tt.render.graph_html import EDITED
from llm_tt.render.script import GraphRecipe
from llm_tt.render.standalone_html import FLOW, standalone_html
from llm_tt.settings import AppSettings

_ASKED: Final = "file_asked_for"

LARGEST: Final = 120_000_000
"""Bytes of a file; in letters, as it travels, they are a third more, and Streamlit sends 200 million."""


def ask_for_file(request: object) -> None:
    """What the graph sent: the name of a format, and the view."""
    st.session_state[_ASKED] = request


def hand_over(settings: AppSettings, picture: Picture) -> None:
    """Make the file that was asked for, if one was.

    Raises:
        ExportError: there is no such format, or the graph cannot become it, or the file is too large.
        GraphError: a cut that means nothing.
    """
    asked = st.session_state.pop(_ASKED, None)
    if not isinstance(asked, Mapping):
        return
    request = str(asked.get("at"))
    try:
        known, content = _made(settings, picture, asked)
        _check_size(content)
    except Exception:  # whatever it is, nobody needs to wait
        send_no_file(request)
        raise
    question = picture.question
    name = "-".join(
        ["flow", question.method, "position", str(question.target.position), *_run(picture, known)]
    )
    send_file(content, name=f"{name}.{known.suffix}", mime=known.mime, request=request)


def _run(picture: Picture, known: Format) -> list[str]:
    """Which run a file is of, where there are two: a page shows a difference, data are of the first."""
    if picture.other_run is None:
        return [EDITED] if picture.run.edits else []
    return ["base", "to", EDITED] if known.name == "html" else ["base"]


def _made(settings: AppSettings, picture: Picture, asked: Mapping[str, object]) -> tuple[Format, bytes]:
    view = asked.get("view")
    known = FORMATS.get(str(asked.get("format")))
    if known is None or not isinstance(view, Mapping):
        raise ExportError(
            asked="Save the graph.",
            found="There is no such format.",
            remedy="Choose one from the menu.",
        )
    if known.name == "html":
        return known, _page(settings, picture, view)
    return known, _data(picture, known.name, _cut(view))


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST:
        raise ExportError(
            asked="Save the graph.",
            found=f"The file has {len(content):,} bytes; the page can hand over {LARGEST:,}.",
            remedy="Move the slider to fewer edges, or write the file with llm-tt graph.",
        )


def _page(settings: AppSettings, picture: Picture, view: Mapping[str, object]) -> bytes:
    """All that is on the screen, with what is known by now of its nodes and of its faithfulness."""
    news = what_is_known(settings, picture)
    page = standalone_html(FLOW, payload_of(picture), title=picture.run.text, news=news, view=dict(view))
    return page.encode()


def _data(picture: Picture, format: str, cut: Cut | None) -> bytes:
    run, question = picture.run, picture.question
    with background.paused():
        shares = contributions_of(run, question.method, question.target)
        graph = build_graph(shares, question.target.position)
    if cut is not None:
        graph = graph.prune(threshold=cut.threshold, density=cut.density, mass=cut.mass)
    recipe = GraphRecipe(
        spec=replace(run.spec, place=""),  # where it lies is nobody's business
        text=run.text,
        method=question.method,
        position=question.target.position,
        target=None if question.method in WITHOUT_TARGET else question.target,
        edits=run.edits,
        cut=cut,
        explained=graph.record.explained,
    )
    context = ExportContext(open_model(run.spec), run_prompt(run), recipe)
    return graph_bytes(FORMATS[format], graph, context)


def _cut(view: Mapping[str, object]) -> Cut | None:
    """The place of the slider."""
    cut = view.get("cut")
    if not isinstance(cut, Mapping):
        return None
    unit, value = cut.get("unit"), cut.get("value")
    if unit not in ("threshold", "density", "mass") or not isinstance(value, (int, float)):
        return None
    return Cut(**{str(unit): float(value)})
