"""The graph as a picture that can be touched."""

from pathlib import Path

from llm_tt.render.browser_module import folded_module
from llm_tt.render.picture_text import PictureText

_picture = PictureText(Path(__file__).parent, "FlowView")

module = _picture.module
still_module = _picture.still_module
stylesheet = _picture.stylesheet
standalone_module = _picture.standalone_module
standalone_stylesheet = _picture.standalone_stylesheet


def linked_module() -> str:
    """`LinkedViews`: two graphs side by side."""
    return folded_module(_picture.folder / "linked_views.js", "LinkedViews")
