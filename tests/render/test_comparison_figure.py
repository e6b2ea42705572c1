"""Two runs as two lines, with marks where the edit is felt."""

from dataclasses import replace

import pytest

from llm_tt.attribution.target import Target
from llm_tt.lens.run_comparison import RunComparison, StateChange
from llm_tt.render.colours import CHOSEN
from llm_tt.render.comparison_figure import PARTING, TOUCHED, comparison_figure
from llm_tt.tracing.parts import Part

TARGET = Target(2, 7, None, "logit")


def comparison(n_layers: int) -> RunComparison:
    parts = ["embed@2"] + [f"L{layer}.{stage}@2" for layer in range(n_layers) for stage in ("mid", "post")]
    states = tuple(
        StateChange(
            Part.named(name), "<b>", "&", 0.5, 0.4, place / 100, place / 200, 1 + place, 90, 0.1, 0.1, True
        )
        for place, name in enumerate(parts)
    )
    ends = {"first_touched": states[1].part, "first_parting": states[-1].part}
    return RunComparison(
        Target(2, 7, None, "logit"), (), 0.2, 1.0, 2.0, 0.1, 0.2, 3, 2, 1.0, 2.0, states, **ends
    )


def test_both_runs_and_their_numbers():
    base, edited = comparison_figure(comparison(2), "<i>").data
    assert (base.name, edited.name) == ("base", "edited")
    assert list(base.y) == [0, 0.01, 0.02, 0.03, 0.04]
    assert list(edited.y) == [0, 0.005, 0.01, 0.015, 0.02]
    assert list(base.customdata) == ["embed@2", "L0.mid@2", "L0.post@2", "L1.mid@2", "L1.post@2"]
    assert base.hovertext[1] == "L0.mid, base<br>&lt;i&gt;: rank 2, 1.00 %<br>predicts &lt;b&gt;: 50.0 %"
    assert edited.hovertext[1] == "L0.mid, edited<br>&lt;i&gt;: rank 90, 0.50 %<br>predicts &amp;: 40.0 %"


def test_ranks_have_the_best_on_top():
    figure = comparison_figure(comparison(2), "x", value="rank")
    base, edited = figure.data
    assert list(base.y) == [1, 2, 3, 4, 5]
    assert list(edited.y) == [90] * 5
    assert figure.layout.yaxis.type == "log"
    lower, upper = figure.layout.yaxis.range
    assert lower > 1.96 > 0 > upper  # the logarithms of 90 and 1


def test_marks_stand_where_the_edit_is_felt():
    figure = comparison_figure(comparison(2), "x")
    assert [shape.x0 for shape in figure.layout.shapes] == [1, 4]
    assert [note.text for note in figure.layout.annotations] == [f"{TOUCHED}: L0.mid", f"{PARTING}: L1.post"]
    assert len({note.y for note in figure.layout.annotations}) == 2
    nothing = replace(comparison(2), first_touched=None, first_parting=None)
    assert not comparison_figure(nothing, "x").layout.shapes


@pytest.mark.parametrize("n_layers", [1, 12, 80])
@pytest.mark.parametrize("value", ["probability", "rank"])
def test_labels_are_few_and_the_chosen_state_is_marked(n_layers, value):
    chosen = Part.named("L0.mid@2")
    figure = comparison_figure(comparison(n_layers), "x", value=value, chosen=chosen)
    assert 1 <= len(figure.layout.xaxis.tickvals) <= 13
    assert len(figure.layout.xaxis.tickvals) == len(figure.layout.xaxis.ticktext)
    assert [colour == CHOSEN for colour in figure.data[1].marker.color].index(True) == 1
    assert list(figure.data[0].marker.color).count(CHOSEN) == 1


def test_a_target_that_is_nowhere_can_be_drawn():
    states = tuple(
        replace(state, target_probability_before=0.0, target_probability_after=0.0)
        for state in comparison(1).states
    )
    lower, upper = comparison_figure(replace(comparison(1), states=states), "x").layout.yaxis.range
    assert lower < 0 < upper
