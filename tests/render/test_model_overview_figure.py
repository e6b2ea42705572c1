"""The map of heads and MLPs holds the overview's numbers, every cell is named, and tokens are text."""

import numpy as np
import pytest

from llm_tt.anatomy.model_overview import CellTokens, ModelOverview
from llm_tt.attribution.target import Target
from llm_tt.render.colours import CHOSEN, QUIET
from llm_tt.render.model_overview_figure import OVERVIEW_VALUES, model_overview_figure, shown_columns
from llm_tt.tracing.parts import Part

TARGET = Target(13, 7, None, "logit")


def overview_of(n_layers, n_heads, *, has_bias=True, has_mlp_bias=True, tokens=None):
    """Numbers of both signs that differ from cell to cell."""
    shape = (n_layers, n_heads + 2)
    contributions = np.linspace(-1, 2, n_layers * (n_heads + 2)).reshape(shape)
    lengths = np.abs(contributions) + 0.5
    if not has_bias:
        contributions[:, n_heads] = lengths[:, n_heads] = 0
    biases = np.full(n_layers, 0.25 * has_mlp_bias)
    return ModelOverview(TARGET, contributions, lengths, biases, biases, 0.1, 0.0, tokens or {})


def parts_of(figure):
    """Colours, numbers in the cells (None where they are narrow) and what is clicked."""
    colours, *letters, cells = figure.data
    return colours, letters[0] if letters else None, cells


@pytest.mark.parametrize("value", OVERVIEW_VALUES)
@pytest.mark.parametrize("has_bias", [True, False])
def test_rows_are_layers_upwards_and_colours_are_what_was_asked(value, has_bias):
    overview = overview_of(3, 4, has_bias=has_bias)
    figure = model_overview_figure(overview, value=value)
    colours, letters, _ = parts_of(figure)
    numbers = overview.contributions if value == "contribution" else overview.norms
    shown = shown_columns(overview)
    assert shown == ([0, 1, 2, 3, 4, 5] if has_bias else [0, 1, 2, 3, 5])
    assert np.isnan(colours.z[:, 4]).all()
    assert np.array_equal(np.delete(colours.z, 4, axis=1), numbers[:, shown])
    largest = abs(numbers[:, shown]).max()
    assert (colours.zmin, colours.zmax) == (-largest if value == "contribution" else 0, largest)
    assert list(colours.colorbar.tickvals) == ([-2, 0, 2] if value == "contribution" else [0, 2])
    assert len(colours.x) == colours.z.shape[1] + 1 == len(letters.x)
    assert list(colours.x) == sorted(colours.x)
    assert list(figure.layout.xaxis.ticktext) == [
        "H0",
        "H1",
        "H2",
        "H3",
        *(["bias"] if has_bias else []),
        "MLP",
    ]
    assert list(figure.layout.yaxis.ticktext) == ["L0", "L1", "L2"]
    assert tuple(figure.layout.yaxis.range) == (-0.5, 2.5)


def test_numbers_stand_in_their_cells():
    overview = overview_of(3, 4)
    _, letters, _ = parts_of(model_overview_figure(overview))
    assert list(letters.text[0]) == [""] * 7 and list(letters.z[0]) == [0] * 7
    assert letters.text[1][0] == "\N{MINUS SIGN}1.00" and letters.text[3][6] == "+2.00"
    assert {row[4] for row in letters.text} == {""}
    overview.contributions[0, 0] = -0.001
    assert parts_of(model_overview_figure(overview))[1].text[1][0] == "+0.00"
    assert parts_of(model_overview_figure(overview, value="norm"))[1].text[1][1] == "1.32"


def test_every_cell_is_named_for_a_click_and_stands_in_its_column():
    overview = overview_of(3, 4)
    figure = model_overview_figure(overview)
    colours, _, cells = parts_of(figure)
    assert len(cells.customdata) == 18
    expected = [f"H{head}@13" for head in range(4)] + [".post@13", ".mlp@13"]
    assert list(cells.customdata) == [f"L{layer}{name}" for layer in range(3) for name in expected]
    assert all(str(Part.named(name)) == name for name in cells.customdata)
    labels = dict(zip(figure.layout.xaxis.ticktext, figure.layout.xaxis.tickvals, strict=True))
    for place, (x, layer) in enumerate(zip(cells.x, cells.y, strict=True)):
        assert layer == place // 6 and x == labels[overview.columns[place % 6]]
        left = np.searchsorted(colours.x, x) - 1
        assert colours.z[layer][left] == overview.contributions[layer, place % 6]
    assert cells.marker.opacity == cells.selected.marker.opacity == cells.unselected.marker.opacity == 0
    assert figure.layout.hovermode == "closest"


def test_hovering_says_name_number_length_and_tokens():
    tokens = {(0, 0): CellTokens((" Mary", "<b>"), ("&",)), (2, 5): CellTokens((" x",), (" y",))}
    overview = overview_of(3, 4, tokens=tokens)
    _, _, cells = parts_of(model_overview_figure(overview, names={"L0H0": "<i>mine"}))
    assert cells.hovertext[0] == (
        "L0H0 &lt;i&gt;mine<br>adds \N{MINUS SIGN}1.00 logits<br>length 1.5"
        "<br>promotes ·Mary &lt;b&gt;<br>suppresses &amp;"
    )
    assert cells.hovertext[1].startswith("L0H1<br>") and "promotes" not in cells.hovertext[1]
    assert cells.hovertext[4].startswith("Bias of the attention of layer 0<br>")
    assert cells.hovertext[17] == (
        "L2.mlp<br>adds +2.00 logits, +0.250 logits of it by its bias<br>length 2.5"
        "<br>promotes ·x<br>suppresses ·y"
    )
    _, _, cells = parts_of(model_overview_figure(overview_of(3, 4, has_mlp_bias=False)))
    assert cells.hovertext[17] == "L2.mlp<br>adds +2.00 logits<br>length 2.5"


@pytest.mark.parametrize(("n_layers", "n_heads"), [(4, 4), (12, 12), (32, 32), (80, 64), (1, 1), (2, 71)])
def test_no_size_is_too_large(n_layers, n_heads):
    overview = overview_of(n_layers, n_heads)
    figure = model_overview_figure(overview, pixels=780)
    _, letters, cells = parts_of(figure)
    assert (letters is None) == (n_heads > 12)
    assert figure.layout.height < 660
    assert len(cells.x) == n_layers * (n_heads + 2)
    axis = figure.layout.xaxis
    room = np.diff(axis.tickvals) * 0.85 * 780 / (axis.range[1] - axis.range[0])
    names = list(axis.ticktext)
    assert names[0] == "H0" and names[-2:] == ["bias", "MLP"]
    heads = [float(gap) for gap, name in zip(room, names[1:], strict=True) if name.startswith("H")]
    assert all(gap >= 30 for gap in heads)
    assert len(figure.layout.yaxis.tickvals) * 13 <= 26 * n_layers


def test_layers_of_the_graph_are_framed_quietly():
    (frame,) = model_overview_figure(overview_of(6, 4), layers=range(2, 5)).layout.shapes
    assert (frame.y0, frame.y1, frame.line.color) == (1.5, 4.5, QUIET)
    assert (frame.x0, frame.x1) == (-0.5, 5.9)
    assert not model_overview_figure(overview_of(6, 4)).layout.shapes


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("L1H2@13", (1.5, 2.5, 1)),
        ("L1H2@4-13", (1.5, 2.5, 1)),
        ("L0.mlp@13", (4.9, 5.9, 0)),
        ("L2N33@13", (4.9, 5.9, 2)),
        ("L1H2@12", None),
        ("L1.post@13", None),
        ("L1.attention@2-13", None),
        ("L9H2@13", None),
        ("L1H9@13", None),
    ],
)
def test_what_is_chosen_is_framed(name, ends):
    figure = model_overview_figure(overview_of(3, 4), chosen=Part.named(name))
    if ends is None:
        assert not figure.layout.shapes
        return
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0) == (pytest.approx(ends[0]), pytest.approx(ends[1]), ends[2] - 0.5)
    assert frame.line.color == CHOSEN


def test_a_model_that_adds_nothing_has_a_map():
    overview = overview_of(2, 2)
    overview.contributions[:] = overview.norms[:] = 0
    for value in OVERVIEW_VALUES:
        assert parts_of(model_overview_figure(overview, value=value))[0].zmax == 1
    assert shown_columns(overview) == [0, 1, 3]
