"""A graph and a trace of other tokens are kept apart, whoever brings them together."""

import pytest

import llm_tt
from llm_tt.errors import GraphError
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.belonging import require_its_prompt


@pytest.fixture
def graph(tiny_model):
    return llm_tt.build_graph(llm_tt.attribute(tiny_model, llm_tt.capture(tiny_model, "abcd"), "relp"))


@pytest.mark.parametrize("text", ["abce", "abc", "x" * 50])
def test_a_trace_of_other_tokens_is_refused(tiny_model, graph, text):
    other = llm_tt.capture(tiny_model, text)
    for bring_together in (
        lambda: llm_tt.check_faithfulness(tiny_model, other, graph),
        lambda: faithfulness_curve(tiny_model, other, graph),
        lambda: llm_tt.graph_html(graph, tiny_model, other),
    ):
        with pytest.raises(GraphError) as refused:
            bring_together()
        assert "'abcd'" in refused.value.found
        assert repr(text) in refused.value.found


def test_another_pass_of_the_same_tokens_is_taken(tiny_model, graph):
    require_its_prompt(graph, llm_tt.capture(tiny_model, "abcd"), "Test.")


def test_long_prompts_are_shortened(tiny_model, graph):
    with pytest.raises(GraphError) as refused:
        require_its_prompt(graph, llm_tt.capture(tiny_model, "y" * 64), "Test.")
    assert len(refused.value.found) < 120
