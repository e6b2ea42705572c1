"""A kind of picture as text that a component, a page or a notebook can hold: its modules and its look."""

from dataclasses import dataclass
from pathlib import Path

from llm_tt.render.browser_module import CANVAS, folded_module


@dataclass(frozen=True, slots=True)
class PictureText:
    """The ES modules and the style sheet in one folder, on top of `canvas/`, which all pictures share."""

    folder: Path
    view: str
    """The class that holds a picture: FlowView in flow_view.js."""

    def module(self) -> str:
        """The view and all that it needs, as the text of one ES module without exports."""
        return folded_module(self.folder / f"{self.folder.name}.js", self.view)

    def still_module(self) -> str:
        """`stillOf`, which draws a payload as SVG where no page is."""
        return folded_module(self.folder / "still.js", "stillOf")

    def standalone_module(self) -> str:
        """`openPage` and `openInNotebook`, which show the picture with a panel instead of a dashboard."""
        return folded_module(self.folder / "standalone.js", "openPage", "openInNotebook")

    def stylesheet(self) -> str:
        """Its look; colours come from Streamlit's variables where there are any."""
        sheets = (CANVAS / "canvas.css", self.folder / f"{self.folder.name}.css")
        return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)

    def standalone_stylesheet(self) -> str:
        """The look of the picture and of what is around it."""
        return (CANVAS / "surroundings.css").read_text(encoding="utf-8") + self.stylesheet()
