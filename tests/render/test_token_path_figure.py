"""A token's rank through the states, best on top."""

import pytest

from llm_tt.lens.token_path import TokenPath
from llm_tt.render.colours import CHOSEN
from llm_tt.render.token_path_figure import token_path_figure
from llm_tt.tracing.parts import Part


def path_of(n_layers, worst=900):
    names = ["embed@3", *(f"L{layer}.{stage}@3" for layer in range(n_layers) for stage in ("mid", "post"))]
    n_states = len(names)
    return TokenPath(
        tuple(map(Part.named, names)),
        ranks=(worst, *[1] * (n_states - 1)),
        probabilities=tuple(0.5 for _ in names),
        logits=tuple(2.0 for _ in names),
    )


def test_the_line_and_its_chosen_state():
    path = path_of(2)
    figure = token_path_figure(path, "<b>", Part.named("L0.post@3"))
    (line,) = figure.data
    assert list(line.y) == list(path.ranks)
    assert [colour == CHOSEN for colour in line.marker.color] == [False, False, True, False, False]
    assert "&lt;b&gt;" in line.hovertemplate
    assert "<b>" not in line.hovertemplate
    assert list(figure.layout.xaxis.ticktext) == ["embed", "L0", "L1"]


def test_rank_one_is_on_top_and_the_axis_reaches_the_worst():
    axis = token_path_figure(path_of(1, worst=50_000), "a").layout.yaxis
    bottom, top = axis.range
    assert top < 0 < 4.7 < bottom
    assert list(axis.ticktext) == ["1", "10", "100", "1,000", "10,000", "100,000"]


@pytest.mark.parametrize("n_layers", [1, 4, 12, 32, 80])
def test_layers_are_labelled_sparsely(n_layers):
    labels = token_path_figure(path_of(n_layers), "a").layout.xaxis.ticktext
    assert 2 <= len(labels) <= 13
    assert len(set(labels)) == len(labels)
