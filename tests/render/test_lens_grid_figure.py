"""The map holds the grid's numbers, every cell is named, and tokens are text."""

import math

import numpy as np
import pytest

from llm_tt.lens.lens_grid import LensGrid
from llm_tt.render.colours import CHOSEN, QUIET
from llm_tt.render.lens_grid_figure import CELL_VALUES, MOST_COLUMNS, lens_grid_figure, shown_positions
from llm_tt.tracing.parts import Part

ROWS = ((-1, "embed"), (0, "mid"), (0, "post"), (1, "mid"), (1, "post"))


def grid_of(n_positions, rows=ROWS, token=" Mary"):
    """Numbers that differ from cell to cell."""
    shape = (len(rows), n_positions)
    numbers = 1 + np.arange(math.prod(shape)).reshape(shape)
    return LensGrid(
        rows=rows,
        token_ids=numbers,
        tokens=((token,) * n_positions,) * len(rows),
        probabilities=numbers / 1e4,
        entropies=numbers / 1e3,
        target_ids=(7,) * n_positions,
        target_tokens=("<i>",) * n_positions,
        target_ranks=numbers,
        target_probabilities=numbers / 1e5,
        n_vocabulary=10_000,
    )


def parts_of(figure):
    """Colours, letters (None where cells have none) and what is clicked."""
    colours, *letters, cells = figure.data
    return colours, letters[0] if letters else None, cells


@pytest.mark.parametrize("value", CELL_VALUES)
def test_rows_are_layers_upwards_and_colours_are_what_was_asked(value):
    grid = grid_of(4)
    figure = lens_grid_figure(grid, list("abcd"), target=3, value=value)
    colours, _, _ = parts_of(figure)
    expected = {
        "target": grid.target_probabilities,
        "rank": -np.log10(grid.target_ranks),
        "top": grid.probabilities,
        "entropy": grid.entropies,
    }[value]
    assert np.array_equal(colours.z, expected)
    limits = {"target": (0, 20e-5), "rank": (-4, 0), "top": (0, 1), "entropy": (0, math.log(10_000))}[value]
    assert (colours.zmin, colours.zmax) == pytest.approx(limits)
    assert tuple(figure.layout.yaxis.range) == (-0.5, 4.5)
    assert list(figure.layout.yaxis.ticktext) == ["embed", "L0.mid", "L0", "L1.mid", "L1"]
    if value == "rank":
        assert list(colours.colorbar.ticktext) == ["1", "10", "100", "1,000"]
        assert list(colours.colorbar.tickvals) == [0, -1, -2, -3]


def test_every_cell_is_named_for_a_click_and_says_three_lines():
    grid = grid_of(4)
    figure = lens_grid_figure(grid, ["a", " b", "<b>", '"'], target=3)
    _, _, cells = parts_of(figure)
    assert len(cells.customdata) == 20
    for name, column, row, text in zip(cells.customdata, cells.x, cells.y, cells.hovertext, strict=True):
        part = Part.named(name)
        assert (part.layer, part.stage) == ROWS[row]
        assert column == figure.layout.xaxis.categoryarray[part.position]
        assert text.count("<br>") == 2
    assert cells.hovertext[16] == (
        "L1.post at a (0)<br>predicts ·Mary: 0.2 %, entropy 0.0 nats<br>&lt;i&gt;: rank 17, 0.02 %"
    )
    assert cells.hovertext[2].startswith("embed at &lt;b&gt; (2)<br>")
    assert cells.hovertext[3].startswith('embed at " (3)<br>')
    assert cells.marker.opacity == cells.selected.marker.opacity == cells.unselected.marker.opacity == 0
    assert figure.layout.hovermode == "closest"


def test_letters_are_a_map_without_numbers():
    _, letters, _ = parts_of(lens_grid_figure(grid_of(4), list("abcd"), target=3))
    assert [row[0] for row in letters.text] == ["", *["·Mary"] * 5]
    assert [row[0] for row in letters.z] == [0, *[None] * 5]
    assert list(letters.y) == [-1, 0, 1, 2, 3, 4]


@pytest.mark.parametrize("token", ["<b>x</b>", "&amp;&amp;", "averyverylongtoken", '"quoted"', "<<<<<<<<"])
@pytest.mark.parametrize("n_positions", [5, 12, 20])
def test_tokens_in_cells_are_text_and_short(token, n_positions):
    """Plotly makes letters fit by the longest text, escapes included."""
    figure = lens_grid_figure(grid_of(n_positions, token=token), ["x"] * n_positions, target=0)
    _, letters, _ = parts_of(figure)
    text = letters.text[1][0]
    assert 0 < len(text) <= min(12, 700 / n_positions / 6.5)
    assert "<" not in text
    assert "&quot;" not in text
    assert not text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").count("&")


@pytest.mark.parametrize("n_positions", [1, 5, 100, 199])
@pytest.mark.parametrize("n_layers", [2, 12, 80])
def test_no_size_is_too_large(n_positions, n_layers):
    rows = ((-1, "embed"), *((layer, "post") for layer in range(n_layers)))
    tokens = [f"t{position}" for position in range(n_positions)]
    chosen = Part("state", 1, n_positions - 1, stage="post")
    figure = lens_grid_figure(grid_of(n_positions, rows), tokens, target=n_positions - 1, chosen=chosen)
    colours, letters, cells = parts_of(figure)
    assert (letters is None) == (n_positions > 21 or n_layers == 80)
    assert figure.layout.height < 680
    n_columns = min(n_positions, MOST_COLUMNS)
    assert colours.z.shape == (len(rows), n_columns)
    assert len(cells.x) == len(rows) * n_columns
    assert f"t{n_positions - 1} ({n_positions - 1})" in figure.layout.xaxis.tickvals
    assert len(figure.layout.yaxis.tickvals) * 13 <= 22 * 13 + 560
    assert bool(figure.layout.annotations) is (n_positions == 199)


@pytest.mark.parametrize(("n_positions", "target"), [(5, 2), (120, 0), (121, 0), (199, 100), (199, 198)])
def test_the_window_holds_the_target(n_positions, target):
    shown = shown_positions(n_positions, target)
    assert target in shown
    assert len(shown) == min(n_positions, MOST_COLUMNS)
    assert shown.start >= 0
    assert shown.stop <= n_positions


def test_a_window_shows_its_own_numbers_and_says_so():
    grid = grid_of(199)
    figure = lens_grid_figure(grid, [f"t{i}" for i in range(199)], target=198, value="entropy")
    colours, _, cells = parts_of(figure)
    assert np.array_equal(colours.z, grid.entropies[:, 79:])
    assert colours.x[0] == "t79 (79)"
    assert cells.customdata[0] == "embed@79"
    assert tuple(figure.layout.xaxis.range) == (78.5, 198.5)
    assert figure.layout.annotations[0].text == "positions 79 to 198 of 199"


@pytest.mark.parametrize(
    ("name", "row"), [("L0.mid@1", 1), ("L0.post@1", 2), ("embed@1", 0), ("L1.mlp@1", 4), ("L0H1@1", 2)]
)
def test_what_is_chosen_is_framed(name, row):
    figure = lens_grid_figure(grid_of(4), list("abcd"), target=3, chosen=Part.named(name))
    target, frame = figure.layout.shapes
    assert (target.x0, target.x1, target.line.color) == (2.5, 3.5, QUIET)
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, row - 0.5, row + 0.5)
    assert frame.line.color == CHOSEN


def test_without_letters_lines_lead_to_what_is_chosen():
    chosen = Part.named("L1.post@40")
    figure = lens_grid_figure(grid_of(100), ["x"] * 100, target=99, chosen=chosen)
    assert len(figure.layout.shapes) == 4
    figure = lens_grid_figure(grid_of(199), ["x"] * 199, target=198, chosen=chosen)
    assert len(figure.layout.shapes) == 1  # outside of the window
