"""The map as plotly draws it: cells where they belong, letters where there is room, text as text."""

import numpy as np
import pytest

from llm_tt.render.colours import AMOUNTS, SIGNED
from llm_tt.render.role_cells import Cell, RoleMap
from llm_tt.render.role_map_figure import role_map_figure


def some_map(n_layers=2, n_heads=3, *, with_mlps=True, **how):
    cells = [
        Cell(f"L{layer}H{head}", layer, head, 0.1 * layer + 0.01 * head, (f"L{layer}H{head}", "<b>&"))
        for layer in range(n_layers)
        for head in range(n_heads)
    ]
    if with_mlps:
        cells += [Cell(f"L{layer}.mlp", layer, None, 0.5, ("mlp",)) for layer in range(n_layers)]
    return RoleMap(tuple(cells), **{"is_signed": False, "is_share": True, **how})


def test_numbers_stand_at_their_layer_and_head_and_mlps_behind_a_gap():
    colours, letters, markers = role_map_figure(some_map()).data
    numbers = np.array(colours.z)
    np.testing.assert_allclose(numbers[:, :3], [[0.0, 0.01, 0.02], [0.1, 0.11, 0.12]])
    assert np.isnan(numbers[:, 3]).all()
    np.testing.assert_allclose(numbers[:, 4], 0.5)
    assert list(letters.text[1]) == ["0.0", "1.0", "2.0", "", "50"]
    assert list(letters.text[2]) == ["10", "11", "12", "", "50"]
    for name, x, y in zip(markers.customdata, markers.x, markers.y, strict=True):
        assert y == int(name[1])
        assert colours.x[0] <= x <= colours.x[-1]
        if "H" in name:
            assert x == int(name[3])


def test_signs_have_two_colours_around_nothing_and_amounts_have_one():
    signed = role_map_figure(some_map(is_signed=True, is_share=False)).data[0]
    assert (signed.zmin, signed.zmax) == (-0.5, 0.5)
    assert [colour for _, colour in signed.colorscale] == [colour for _, colour in SIGNED]
    plain = role_map_figure(some_map()).data[0]
    assert (plain.zmin, plain.zmax) == (0, 0.5)
    assert [colour for _, colour in plain.colorscale] == [colour for _, colour in AMOUNTS]


def test_what_may_be_chance_stands_in_brackets():
    cells = (Cell("L0H0", 0, 0, -0.2, ("x",)), Cell("L0H1", 0, 1, 0.031, ("x",), is_sure=False))
    letters = role_map_figure(RoleMap(cells, is_signed=True, is_share=True)).data[1]
    assert list(letters.text[1]) == ["−20", "(+3.1)"]


def test_hover_is_text():
    markers = role_map_figure(some_map()).data[-1]
    assert markers.hovertext[0] == "L0H0<br>&lt;b&gt;&amp;"


@pytest.mark.parametrize(
    ("n_layers", "n_heads", "has_letters"), [(12, 12, True), (32, 32, False), (48, 25, False)]
)
def test_large_models_fit(n_layers, n_heads, has_letters):
    figure = role_map_figure(some_map(n_layers, n_heads), pixels=760)
    assert (len(figure.data) == 3) == has_letters
    assert figure.layout.height <= 640
    labels = figure.layout.xaxis.tickvals
    pixels = 0.85 * 760 / (figure.layout.xaxis.range[1] - figure.layout.xaxis.range[0])
    assert min(np.diff(labels)) * pixels >= 29


def test_the_chosen_cell_is_framed():
    assert not role_map_figure(some_map()).layout.shapes
    (frame,) = role_map_figure(some_map(), chosen="L1H2").layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 2.5, 0.5, 1.5)


def test_without_mlps_and_without_anything():
    assert np.array(role_map_figure(some_map(with_mlps=False)).data[0].z).shape == (2, 3)
    assert role_map_figure(RoleMap((), is_signed=False, is_share=True)).layout.height > 0
