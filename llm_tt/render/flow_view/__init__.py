"""The graph as a picture that can be touched: ES modules on top of `canvas/`, which all pictures share."""

from functools import cache
from pathlib import Path

from llm_tt.render.browser_module import CANVAS, folded_module

_FOLDER = Path(__file__).parent


@cache
def module() -> str:
    """`FlowView` and all that it needs, as the text of one ES module without exports."""
    return folded_module(_FOLDER / "flow_view.js", "FlowView")


@cache
def linked_module() -> str:
    """`LinkedViews`: two graphs side by side."""
    return folded_module(_FOLDER / "linked_views.js", "LinkedViews")


@cache
def still_module() -> str:
    """`stillOf`, which draws a payload as SVG where no page is."""
    return folded_module(_FOLDER / "still.js", "stillOf")


@cache
def stylesheet() -> str:
    """Its look; colours come from Streamlit's variables where there are any."""
    sheets = (CANVAS / "canvas.css", _FOLDER / "flow_view.css")
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


@cache
def standalone_module() -> str:
    """`openPage` and `openInNotebook`, which show the graph with a panel instead of a dashboard."""
    return folded_module(_FOLDER / "standalone.js", "openPage", "openInNotebook")


@cache
def standalone_stylesheet() -> str:
    """The look of the graph and of what is around it."""
    return (CANVAS / "surroundings.css").read_text(encoding="utf-8") + stylesheet()
