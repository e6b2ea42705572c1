"""The curve: each point is the card of its density, all in one batch."""

import pytest

import llm_tt
from llm_tt.faithfulness.check import check_faithfulness
from llm_tt.faithfulness.curve import DENSITIES, faithfulness_curve
from tests.stopping import check_stops_cleanly, shares_told


@pytest.fixture(scope="module")
def curve_and_graph(small_world, ask):
    trace, _ = ask("The capital of Japan is the city of", " Tokyo", " Paris")
    shares = llm_tt.attribute(small_world, trace, "gradact", target_token=" Tokyo", contrast_token=" Paris")
    graph = llm_tt.build_graph(shares)
    return trace, graph, faithfulness_curve(small_world, trace, graph)


def test_each_point_is_the_card_of_its_density(small_world, curve_and_graph):
    trace, graph, curve = curve_and_graph
    for point in curve.points[2:9:3]:
        card = check_faithfulness(small_world, trace, graph.prune(density=point.density))
        assert point.n_edges == card.n_edges
        assert point.graph.retained == pytest.approx(card.retained, abs=1e-4)
        assert (curve.whole_metric, curve.empty_metric) == pytest.approx(
            (card.whole_metric, card.empty_metric)
        )


def test_from_sparse_to_dense(curve_and_graph):
    _, graph, curve = curve_and_graph
    assert [point.density for point in curve.points] == list(DENSITIES)
    sizes = [point.n_edges for point in curve.points]
    assert sizes == sorted(sizes)
    assert curve.points[-1].graph.retained == pytest.approx(1, abs=0.05)
    best = max(point.graph.retained - point.random.retained for point in curve.points)
    assert best > 0.3
    assert [point.threshold for point in curve.points] == [graph.threshold_for(density=d) for d in DENSITIES]


def test_progress_is_told_and_may_stop_the_runs(small_world, curve_and_graph):
    trace, graph, curve = curve_and_graph
    run = lambda progress: faithfulness_curve(small_world, trace, graph, progress=progress)  # noqa: E731
    n_layers = small_world.dimensions.n_layers
    assert shares_told(run) == pytest.approx([(layer + 1) / n_layers for layer in range(n_layers)])
    assert run(lambda _: None) == curve
    check_stops_cleanly(small_world, run)
