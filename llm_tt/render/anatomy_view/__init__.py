"""Layers of a model down to single neurons, as a picture that can be touched; on top of `canvas/`."""

from functools import cache
from pathlib import Path

from llm_tt.render.browser_module import CANVAS, folded_module

_FOLDER = Path(__file__).parent


@cache
def module() -> str:
    """`AnatomyView` and all that it needs, as the text of one ES module without exports."""
    return folded_module(_FOLDER / "anatomy_view.js", "AnatomyView")


@cache
def stylesheet() -> str:
    """Its look; colours come from Streamlit's variables where there are any."""
    sheets = (CANVAS / "canvas.css", _FOLDER / "anatomy_view.css")
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


@cache
def standalone_module() -> str:
    """`openPage`, which fills a page of its own with the picture and a panel."""
    return folded_module(_FOLDER / "standalone.js", "openPage")


@cache
def standalone_stylesheet() -> str:
    """The look of the picture and of the page around it."""
    return (_FOLDER / "standalone.css").read_text(encoding="utf-8") + stylesheet()
