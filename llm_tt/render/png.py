"""SVG as PNG, by resvg inside of this process: no browser, no network.

Letters come from the fonts of the machine. resvg draws a text for which it finds no font as nothing at all,
so this looks first whether letters appear.
"""

import re
from functools import cache
from typing import Final

import resvg_py

from llm_tt.errors import ExportError
from llm_tt.render.pictures import LARGEST

SANS_SERIF: Final = (
    "Source Sans 3", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans", "Segoe UI",
    "Roboto", "Open Sans", "Ubuntu", "Cantarell", "Nimbus Sans", "FreeSans", "Lato", "Verdana", "Tahoma",
)  # fmt: skip
"""What may stand for "sans-serif", which resvg alone takes for Arial: the first that is there."""
_ASKED: Final = "Write a picture as PNG."
_SIZE: Final = re.compile(r'<svg[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"')
_FAMILY: Final = re.compile(r'<svg[^>]*? font-family="([^"]*)"')


def png_of(svg: str, *, scale: float = 2.0) -> bytes:
    """The picture in pixels, `scale` for each of its own.

    Raises:
        ExportError: this is no SVG, it would be too large, or this machine has no font for its letters.
    """
    size = _SIZE.search(svg)
    longest = scale * max(map(float, size.groups())) if size else 0.0
    if not 0 < longest <= LARGEST:
        raise ExportError(
            asked=f"{_ASKED[:-1]}, {scale} pixels for each of its own.",
            found=f"Its longer side would have {longest:.0f} pixels, and can have 1 to {LARGEST}."
            if size
            else "This is no SVG that says its width and height.",
            remedy="Choose another scale." if size else "Draw it with picture_svg.",
        )
    sans_serif = _sans_serif()
    named = _FAMILY.search(svg)
    family = named[1] if named else "serif"
    if "<text" in svg and not _draws(family, sans_serif):
        raise ExportError(
            asked=_ASKED,
            found=f"This machine has none of the fonts that the picture names for its letters: {family}.",
            remedy="Install one (Debian and Ubuntu: apt-get install fonts-dejavu-core), or keep the SVG.",
        )
    return _rendered(svg, sans_serif, scale)


@cache
def _draws(family: str, sans_serif: str | None) -> bool:
    """Whether letters of that family can be drawn here."""
    probe = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    letter = f'<text x="2" y="15" font-size="16" font-family="{family}">A</text>'
    return _rendered(probe.format(letter), sans_serif) != _rendered(probe.format(""), sans_serif)


@cache
def _sans_serif() -> str | None:
    return next((name for name in SANS_SERIF if _draws(f"'{name}'", None)), None)


def _rendered(svg: str, sans_serif: str | None, scale: float = 1.0) -> bytes:
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, sans_serif_family=sans_serif))
    except ValueError as error:
        raise ExportError(
            asked=_ASKED,
            found=f"This is no SVG that can be read: {error}.",
            remedy="Draw it with picture_svg.",
        ) from error
