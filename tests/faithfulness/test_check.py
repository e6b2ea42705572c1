"""The card: the whole graph keeps everything, a true graph keeps much, and its complement loses it."""

import pytest

import llm_tt
from llm_tt.errors import GraphError
from llm_tt.faithfulness.check import check_faithfulness, cuttable, presence
from llm_tt.graph.edges import EdgeKind


@pytest.fixture(scope="module")
def named(small_world, ask):
    prompt = "When Mary and John went to the store, John gave a drink to"
    trace, target = ask(prompt, " Mary", " John")
    shares = llm_tt.attribute(small_world, trace, "relp", target_token=" Mary", contrast_token=" John")
    return trace, target, llm_tt.build_graph(shares)


def test_a_few_edges_keep_the_answer_and_as_many_random_ones_do_not(small_world, ask):
    trace, target = ask("Sarah has a hat. Julia has a toy. So Julia has the", " toy", " hat")
    shares = llm_tt.attribute(small_world, trace, "relp", target_token=" toy", contrast_token=" hat")
    card = check_faithfulness(small_world, trace, llm_tt.build_graph(shares).prune(density=0.05))
    assert card.target == target
    assert card.density < 0.06
    assert card.retained > 0.7
    assert card.same_top_token
    assert card.random_retained < 0.1


def test_cutting_the_edges_flips_the_answer_and_cutting_as_many_random_ones_does_not(small_world, named):
    trace, _, graph = named
    card = check_faithfulness(small_world, trace, graph.prune(density=0.02))
    assert card.whole_metric > 3
    assert card.complement.retained < 0.2
    assert not card.complement.same_top_token
    assert card.random_complement > 0.8


def test_both_ends_of_the_scale(small_world, named):
    trace, _, graph = named
    whole = check_faithfulness(small_world, trace, graph.prune(threshold=0.0))
    assert whole.retained == pytest.approx(1, abs=0.05)
    assert whole.same_top_token
    assert whole.kl < 0.05


def test_graphs_without_a_target_are_measured_by_the_prediction(small_world, named):
    trace, target, _ = named
    graph = llm_tt.build_graph(llm_tt.attribute(small_world, trace)).prune(density=0.1)
    card = check_faithfulness(small_world, trace, graph)
    assert card.target.metric == "logprob"
    assert card.target.token_id == int(trace.logits[-1].argmax())
    assert check_faithfulness(small_world, trace, graph, target=target).target == target


def test_options(small_world, named):
    trace, _, graph = named
    small = graph.prune(density=0.02)
    plain = check_faithfulness(small_world, trace, small)
    assert check_faithfulness(small_world, trace, small) == plain
    zero = check_faithfulness(small_world, trace, small, baseline="zero")
    assert zero.empty_metric != plain.empty_metric
    frozen = check_faithfulness(small_world, trace, small, attention="frozen")
    assert frozen.retained != plain.retained


def test_what_is_counted(named):
    _, _, graph = named
    small = graph.prune(density=0.03)
    there = presence(small)
    assert int(there.attention.sum() + there.mlp.sum()) == cuttable(small)
    assert cuttable(small) == int((small.kind != EdgeKind.RESIDUAL).sum()) > 0


def test_an_empty_graph_is_an_error(small_world, named):
    trace, _, graph = named
    with pytest.raises(GraphError, match="has no edges"):
        check_faithfulness(small_world, trace, graph.prune(threshold=1e9))
