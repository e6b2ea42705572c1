"""What `llm-tt graph` is asked: words, options of a method, one cut; and the graph that answers."""

import pytest
import typer

import llm_tt
from llm_tt.cli.graph_question import asked_question
from llm_tt.errors import GraphError
from llm_tt.graph.cuts import Cut
from llm_tt.graph.main_routes import usual_cut
from tests.cli.running import PROMPT
from tests.graph.random_shares import SHAPES, random_shares


def ask(method=None, target=None, contrast=None, cuts=None, position=-1, **options):
    return asked_question(method, position, target, contrast, options, cuts or {})


@pytest.mark.parametrize(
    ("asked", "method"),
    [({}, "ifr"), ({"target": " Mary"}, "relp"), ({"contrast": " John"}, "relp"), ({"method": "dla"}, "dla")],
)
def test_the_method_is_chosen_where_none_is_named(asked, method):
    assert ask(**asked).method == method


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"method": "rlp"}, "Did you mean relp?"),
        ({"method": "ifr", "target": " Mary"}, "ifr knows no target"),
        ({"method": "relp", "metric": "logprobs"}, "Did you mean logprob?"),
        ({"method": "relp", "baseline": "median"}, "Choose one of mean, zero"),
        ({"norm": "l3"}, "Choose one of l1, l2"),
        ({"aggregate": "flo"}, "Did you mean flow?"),
        ({"method": "relp", "norm": "l2"}, "option of ifr, not of relp"),
        ({"method": "relp", "aggregate": "flow"}, "option of ifr, not of relp"),
        ({"metric": "logit"}, "option of relp, gradact, dla, not of ifr"),
        ({"method": "dla", "baseline": "zero"}, "option of relp, gradact, not of dla"),
        ({"cuts": {"density": 0.1, "mass": 0.5}}, "--density and --mass say the same"),
    ],
)
def test_what_means_nothing_is_wrong_usage(asked, says):
    with pytest.raises(typer.BadParameter) as refused:
        ask(**asked)
    assert says in refused.value.message


def test_a_cut_out_of_range_is_said():
    with pytest.raises(GraphError, match="A density is a share"):
        ask(cuts={"density": 2.0, "mass": None})


@pytest.mark.parametrize(
    ("asked", "shares", "built"),
    [
        ({}, {}, {}),
        ({"norm": "l2", "aggregate": "flow"}, {"norm": "l2"}, {"aggregate": "flow"}),
        ({"method": "gradact", "baseline": "zero"}, {"method": "gradact", "baseline": "zero"}, {}),
        (
            {"target": " Mary", "contrast": " John"},
            {"method": "relp", "target_token": " Mary", "contrast_token": " John"},
            {},
        ),
        ({"method": "relp", "metric": "logprob"}, {"method": "relp", "metric": "logprob"}, {}),
    ],
)
@pytest.mark.parametrize("position", [-1, 4])
def test_the_graph_is_that_of_the_library(asked, shares, built, position, small_world):
    trace = llm_tt.capture(small_world, PROMPT)
    found = ask(**asked, position=position).graph_of(small_world, trace)
    contributions = llm_tt.attribute(small_world, trace, **shares, target_position=position)
    expected = llm_tt.build_graph(contributions, position, **built)
    assert (found.method, found.aggregate, found.explains) == (
        expected.method,
        expected.aggregate,
        expected.explains,
    )
    assert found.target_position == expected.target_position == position % 14
    assert (found.weight == expected.weight).all()


def test_a_cut_is_what_was_asked_for():
    graph = llm_tt.build_graph(random_shares(*SHAPES[3]))
    assert ask(cuts={"mass": 0.5}).cut_of(graph) == Cut(mass=0.5)
    assert ask().cut_of(graph) == usual_cut(graph)
