"""SVG in pixels: the size that was asked for, with letters, or an error that says what is missing."""

import io

import pytest
import resvg_py
import torch
from PIL import Image

from llm_tt.errors import ExportError
from llm_tt.render import png
from llm_tt.render.pictures import picture_svg
from llm_tt.render.png import png_of
from tests.graph.random_shares import random_shares
from tests.render.flow_view.conftest import make_payload

FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20"{1}>{2}</svg>'
RED = '<rect width="10" height="20" fill="#ff0000"/>'
LETTERS = '<text x="2" y="15" font-size="16">letters</text>'


@pytest.fixture(autouse=True)
def fonts_are_looked_up_anew():
    yield
    png._draws.cache_clear()
    png._sans_serif.cache_clear()


@pytest.fixture
def no_fonts(monkeypatch):
    """As on a machine without fonts."""
    draw = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **options: draw(**options, skip_system_fonts=True))
    png._draws.cache_clear()
    png._sans_serif.cache_clear()


@pytest.fixture
def picture():
    return picture_svg(make_payload(random_shares(2, 2, 5, dtype=torch.float32)), width=400)


def opened(content):
    return Image.open(io.BytesIO(content)).convert("RGBA")


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_a_scale_makes_pixels(scale):
    image = opened(png_of(FRAME.format(40, "", RED), scale=scale))
    assert image.size == (40 * scale, 20 * scale)
    assert image.getpixel((int(5 * scale), int(10 * scale))) == (255, 0, 0, 255)
    assert image.getpixel((int(25 * scale), int(10 * scale)))[3] == 0


def test_a_picture_has_its_ground_and_its_letters(picture):
    image = opened(png_of(picture))
    assert image.size[0] == 800
    assert image.getpixel((0, 0)) == (255, 255, 255, 255)
    silent = opened(png_of("".join(part.partition("</text>")[2] or part for part in picture.split("<text "))))
    assert silent.size == image.size
    assert silent.tobytes() != image.tobytes()


@pytest.mark.parametrize(
    "family", [' font-family="sans-serif"', " font-family=\"'Nowhere Sans', sans-serif\""]
)
def test_any_sans_serif_is_found(family):
    """Which resvg alone takes for Arial, and draws nothing where there is none."""
    assert png_of(FRAME.format(80, family, LETTERS)) != png_of(FRAME.format(80, family, ""))


def test_no_picture_without_its_letters(no_fonts, picture):
    with pytest.raises(ExportError, match="none of the fonts") as caught:
        png_of(picture)
    assert "DejaVu Sans" in caught.value.found
    assert "fonts-dejavu-core" in caught.value.remedy
    assert png_of(FRAME.format(40, "", RED))  # has none


def test_a_family_that_is_nowhere_is_told():
    with pytest.raises(ExportError, match="none of the fonts"):
        png_of(FRAME.format(80, " font-family=\"'Nowhere Sans'\"", LETTERS))


@pytest.mark.parametrize(
    ("svg", "scale", "found"),
    [
        ("no picture", 2.0, "no SVG that says its width"),
        (FRAME.format(40, "", "<rect"), 2.0, "no SVG that can be read"),
        (FRAME.format(40, "", RED), 0.0, "1 to 30000"),
        (FRAME.format(40, "", RED), -1.0, "1 to 30000"),
        (FRAME.format(40, "", RED), float("nan"), "1 to 30000"),
        (FRAME.format(40_000, "", RED), 1.0, "40000 pixels"),
    ],
)
def test_what_is_no_picture_or_too_large_says_so(svg, scale, found):
    with pytest.raises(ExportError, match=found):
        png_of(svg, scale=scale)
