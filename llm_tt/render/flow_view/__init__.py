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
def stylesheet() -> str:
    """Its look; colours come from Streamlit's variables where there are any."""
    sheets = (CANVAS / "canvas.css", _FOLDER / "flow_view.css")
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
