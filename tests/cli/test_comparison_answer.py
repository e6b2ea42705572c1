"""The answer of `llm-tt compare` where there is no difference of edges."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.cli.comparison_answer import ComparisonAnswer
from llm_tt.cli.comparison_question import ComparisonQuestion, SideQuestion
from llm_tt.errors import ComparisonError

SIDE = SideQuestion("ifr", None, None)


def answer_to(both, **asked):
    question = ComparisonQuestion((SIDE, SIDE), -1, None, asked.get("threshold"), asked.get("density"))
    return ComparisonAnswer(both, question, 3, is_dark=False)


@pytest.fixture
def other_sizes(small_world):
    run = llm_tt.explain(small_world, "When Mary")
    lattice = replace(run.graph.lattice, n_layers=9)
    return llm_tt.compare(run, replace(run, graph=replace(run.graph, lattice=lattice)))


def test_models_of_other_sizes(other_sizes):
    found = answer_to(other_sizes).to_json()
    assert found["difference"] is found["overlap"] is None
    assert found["changes"] == []
    assert "other sizes" in str(answer_to(other_sizes).to_print()[-1])
    for kind in ("csv", "svg", "html"):
        with pytest.raises(ComparisonError, match="not the same ones"):
            answer_to(other_sizes).to_file(kind)


def test_a_density_is_one_of_the_first_graph(small_world):
    both = llm_tt.compare(llm_tt.explain(small_world, "When Mary"), llm_tt.explain(small_world, "When John"))
    found = answer_to(both, density=0.1).to_json()
    assert found["threshold"] == both.pair.first.threshold_for(density=0.1)
    assert found["first"]["edges"] == both.first.graph.prune(density=0.1).n_edges
    assert answer_to(both, threshold=0.2).to_json()["threshold"] == 0.2
