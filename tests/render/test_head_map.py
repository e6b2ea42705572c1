"""What both maps share: room for numbers, labels that do not touch, cells that can be hit."""

from itertools import pairwise

import numpy as np
import pytest

from llm_tt.render.head_map import (
    LABEL,
    LETTERS,
    OPACITY,
    TALLEST,
    colours,
    column_pixels,
    has_room_for_numbers,
    labelled_heads,
    map_of,
    mark,
    markers,
    numbers,
    row_pixels,
)

EDGES = [-0.5, 0.5, 1.5]


def test_rows_share_a_height():
    assert row_pixels(4) == row_pixels(12)
    assert row_pixels(80) * 80 == pytest.approx(TALLEST)


def test_numbers_need_room_in_both_directions():
    width = LETTERS * 2 / 0.85
    assert has_room_for_numbers(EDGES, round(width) + 1, 4)
    assert not has_room_for_numbers(EDGES, round(width) - 2, 4)
    assert not has_room_for_numbers(EDGES, 2000, 80)


@pytest.mark.parametrize("n_heads", [1, 7, 32, 128])
@pytest.mark.parametrize("pixels", [300, 700, 1600])
def test_labels_do_not_touch(n_heads, pixels):
    width = column_pixels([-0.5, n_heads + 0.9], pixels)
    shown = [*labelled_heads(n_heads, width), n_heads]
    assert all((b - a) * width >= LABEL for a, b in pairwise(shown))


def test_cells_are_coloured_around_nothing_or_from_it():
    grid = np.array([[0.5, -2.0], [np.nan, 1.0]])
    both = colours(grid, EDGES, is_signed=True, has_numbers=True, ticks={"nticks": 4})
    assert (both.zmin, both.zmax, both.opacity, both.colorbar.nticks) == (-2, 2, OPACITY, 4)
    amounts = colours(np.abs(grid), EDGES, is_signed=False, has_numbers=False, ticks={})
    assert (amounts.zmin, amounts.zmax, amounts.opacity) == (0, 2, 1)
    nothing = colours(np.zeros((2, 2)), EDGES, is_signed=True, has_numbers=False, ticks={})
    assert (nothing.zmin, nothing.zmax) == (-1, 1)


def test_the_map_has_a_row_a_layer_and_a_frame():
    texts = numbers([["1", "2"], ["3", ""]], EDGES)
    places = markers([(0.0, 0), (1.0, 1)], ["L0H0", "L1H1"], ["first", "second"])
    figure = map_of([texts, places], 2, EDGES, {"tickvals": [0, 1], "ticktext": ["H0", "MLP"]})
    assert list(texts.y) == [-1, 0, 1]  # one row out of sight
    assert list(texts.text[1]) == ["1", "2"]
    assert figure.layout.yaxis.range == (-0.5, 1.5)
    assert list(figure.layout.yaxis.ticktext) == ["L0", "L1"]
    assert list(figure.layout.xaxis.ticktext) == ["H0", "MLP"]
    mark(figure, 0.5, 1.5, 1)
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, 0.5, 1.5)
