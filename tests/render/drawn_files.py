"""What a test reads of an SVG: its texts, its edges, and whether all of it lies on the paper."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

ALLOWED = {"svg", "style", "rect", "path", "circle", "text", "g", "clipPath"}
SLANTED_LETTER = 4.4
"""How far each letter of a slanted token reaches to the left, in a usual font."""
MOVED = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class DrawnFile:
    """Read by a parser of XML, so that what is no XML fails."""

    root: ET.Element

    @classmethod
    def read(cls, svg: str) -> "DrawnFile":
        """Refuses elements that a picture does not need."""
        root = ET.fromstring(svg)
        tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
        assert tags <= ALLOWED
        return cls(root)

    def all(self, tag: str, **attributes: str) -> list[ET.Element]:
        """Elements with those attributes; `_` stands for `-`."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        found = self.root.iter(f"{{http://www.w3.org/2000/svg}}{tag}")
        return [each for each in found if wanted.items() <= each.attrib.items()]

    @property
    def texts(self) -> list[str]:
        """In the order of drawing."""
        return [each.text or "" for each in self.all("text")]

    @property
    def caption(self) -> str:
        """The last lines, which begin where the last one does."""
        last = self.all("text")[-1]
        lines = [each for each in self.all("text") if each.get("x") == last.get("x")]
        return " ".join(each.text or "" for each in lines if each.get("font-size") == "11")

    @property
    def size(self) -> tuple[float, float]:
        """As it is shown."""
        return float(self.root.get("width")), float(self.root.get("height"))

    @property
    def paper(self) -> tuple[float, float]:
        """What it is drawn on."""
        left, top, width, height = map(float, self.root.get("viewBox").split())
        assert (left, top) == (0, 0)
        return width, height

    def outside(self) -> list[dict[str, str]]:
        """Lines, circles and ends of texts that are not on the paper."""
        width, height = self.paper
        found = []
        for each in [*self.all("path"), *self.all("circle"), *self.all("text")]:
            numbers = [float(number) for number in MOVED.findall(each.get("d") or "")]
            if not numbers:
                numbers = [float(each.get("cx") or each.get("x")), float(each.get("cy") or each.get("y"))]
            xs, ys = numbers[::2], numbers[1::2]
            if "rotate" in (each.get("transform") or ""):
                xs = [*xs, xs[0] - SLANTED_LETTER * len(each.text or "")]
            if min(xs) < 0 or max(xs) > width or min(ys) < 0 or max(ys) > height:
                found.append(each.attrib)
        return found
