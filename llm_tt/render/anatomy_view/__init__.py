"""Layers of a model down to single neurons, as a picture that can be touched."""

from pathlib import Path

from llm_tt.render.picture_text import PictureText

_picture = PictureText(Path(__file__).parent, "AnatomyView")

module = _picture.module
still_module = _picture.still_module
stylesheet = _picture.stylesheet
standalone_module = _picture.standalone_module
standalone_stylesheet = _picture.standalone_stylesheet
