"""Colours stand out on both pages."""

import pytest

from llm_tt.render import colours

LIGHT, DARK = "#ffffff", "#0e1117"


@pytest.mark.parametrize("page", [LIGHT, DARK])
@pytest.mark.parametrize("colour", [colours.POSITIVE, colours.NEGATIVE, colours.CHOSEN, colours.QUIET])
def test_graphics_have_the_contrast_that_wcag_asks_for(colour, page):
    bright, dim = sorted((luminance(colour), luminance(page)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 3


@pytest.mark.parametrize("scale", [colours.AMOUNTS, colours.SIGNED])
def test_scales_end_in_the_colours_of_the_signs(scale):
    assert scale[-1][1] == rgba(colours.POSITIVE, 1)
    assert scale[0][1] == (
        rgba(colours.POSITIVE, 0) if scale is colours.AMOUNTS else rgba(colours.NEGATIVE, 1)
    )


def channels(colour):
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def rgba(colour, opacity):
    return f"rgba({','.join(map(str, channels(colour)))},{opacity})"


def luminance(colour):
    values = [channel / 255 for channel in channels(colour)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
