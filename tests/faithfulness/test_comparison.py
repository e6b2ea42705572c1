"""Rankings on the small world: truth is the ceiling, chance the floor, the methods lie where they should."""

from statistics import mean

import pytest

from llm_tt.attribution.methods import attribute
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import AttributionError
from llm_tt.faithfulness.comparison import (
    CEILING,
    DENSITIES,
    FLOOR,
    RANKINGS,
    TwoAnswers,
    compare_rankings,
    flat_column,
)
from llm_tt.faithfulness.keep import EdgeScores
from llm_tt.faithfulness.single_edges import single_edge_effects
from llm_tt.faithfulness.statistics import spearman
from llm_tt.graph.building import build_graph
from llm_tt.graph.dense import dense_edges
from llm_tt.tracing.forward import capture

CLASSICS = [
    TwoAnswers("When Mary and John went to the store, John gave a drink to", " Mary", " John"),
    TwoAnswers("The capital of Japan is the city of", " Tokyo", " Paris"),
    TwoAnswers("The war lasted from the year 1732 to the year 17", "54", "11"),
    TwoAnswers("5 + 4 = 9, 2 + 3 =", " 5", " 6"),
]


@pytest.fixture(scope="module")
def results(small_world):
    return compare_rankings(small_world, CLASSICS)


def of(results, ranking):
    return [result for result in results if result.ranking == ranking]


def test_every_ranking_on_every_question(results):
    assert {result.ranking for result in results} == {*RANKINGS, FLOOR, CEILING}
    assert len(of(results, "relp")) == len(CLASSICS)
    assert all(len(result.retained) == len(DENSITIES) for result in results)


def test_gradients_agree_with_the_truth_and_chance_does_not(results):
    agreement = {name: mean(r.spearman for r in of(results, name)) for name in (*RANKINGS, FLOOR, CEILING)}
    assert agreement[CEILING] == pytest.approx(1)
    assert abs(agreement[FLOOR]) < 0.1
    assert agreement["relp"] >= 0.8, agreement
    assert agreement["gradact"] >= 0.9, agreement
    assert agreement["ifr"] >= 0.45, agreement


def test_where_flow_routes_see_an_edge_they_rank_it(small_world):
    """Parts that lead away from their sum have no share: half of the edges tie at 0, others are ranked."""
    agreements = []
    for question in CLASSICS:
        trace = capture(small_world, question.prompt)
        target = resolve_target(small_world, trace, token=question.answer, contrast=question.contrast)
        effects = single_edge_effects(small_world, trace, target)
        truth = flat_column(EdgeScores(effects.attention.abs(), effects.mlp.abs()), target.position)
        graph = build_graph(attribute(small_world, trace, "ifr"))
        laid_out = dense_edges(graph, graph.survival)
        scores = flat_column(EdgeScores(laid_out.attention, laid_out.mlp), target.position)
        assert 0.3 < (scores == 0).mean() < 0.6
        agreements.append(spearman(scores[scores > 0], truth[scores > 0]))
    assert mean(agreements) >= 0.6, agreements


def test_graphs_keep_more_than_chance(results):
    area = {name: mean(r.retained_area for r in of(results, name)) for name in (*RANKINGS, FLOOR, CEILING)}
    assert area[CEILING] > max(area[name] for name in (*RANKINGS, FLOOR)), area
    for name in ("ifr", "relp", "gradact"):
        assert area[name] > area[FLOOR] + 0.1, area


def test_everything_kept_is_everything(results):
    assert all(result.retained[-1] == pytest.approx(1, abs=1e-3) for result in of(results, FLOOR))


def test_without_truth_there_is_no_ceiling(small_world):
    found = compare_rankings(small_world, CLASSICS[:1], ["relp"], with_truth=False)
    assert {result.ranking for result in found} == {"relp", FLOOR}
    assert all(result.spearman is None for result in found)


def test_an_unknown_ranking_is_said(small_world):
    with pytest.raises(AttributionError, match="What can be compared is ifr"):
        compare_rankings(small_world, CLASSICS, ["eap"])
