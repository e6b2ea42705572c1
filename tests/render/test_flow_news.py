"""What the graph is told later: the meter's points, and how its nodes read."""

from dataclasses import replace

import numpy as np
import pytest

import llm_tt
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.building import build_graph
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.state_reading import read_state, states_of
from llm_tt.lens.written import written_by
from llm_tt.model.check_up import Capability
from llm_tt.render import flow_news
from llm_tt.render.flow_news import curve_news, node_labels
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part
from tests.stopping import shares_told

TEXT = "So it is"


def visible(tokens) -> list[str]:
    return [visible_token(token) for token in tokens]


@pytest.fixture(params=["GPT-2", "GPT-J"])
def read(request, open_family):
    """A model, a trace and its graph; with parallel blocks too."""
    model = open_family(request.param)
    trace = llm_tt.capture(model, TEXT)
    return model, trace, build_graph(llm_tt.attribute(model, trace))


def test_every_point_of_a_curve_is_told(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    curve = faithfulness_curve(
        tiny_model, trace, build_graph(llm_tt.attribute(tiny_model, trace)), (0.1, 0.5, 1.0)
    )
    news = curve_news(curve, "the prediction")
    assert news["what"] == "the prediction"
    assert [point["edges"] for point in news["points"]] == [point.n_edges for point in curve.points]
    for told, point in zip(news["points"], curve.points, strict=True):
        assert told["retained"] == point.graph.retained != told["random"] == point.random.retained
        assert (told["kl"], told["sameTop"]) == (point.graph.kl, point.graph.same_top_token)


def test_every_state_and_every_mlp_is_read_as_in_its_card(read):
    model, trace, graph = read
    labels = node_labels(model, trace, graph)
    positions = range(len(trace.prompt))
    states = [state for position in positions for state in states_of(trace, position)]
    mlps = [Part("mlp", layer, position) for layer in range(trace.n_layers) for position in positions]
    assert set(labels) == {str(part) for part in (*states, *mlps)}
    for state in states:
        assert labels[str(state)] == visible(read_state(model, trace, state, top=3).ranking.token_strings)
    for mlp in mlps:
        promotion = promoted_tokens(model, trace, written_by(model, trace, mlp), mlp.position, top=3)
        assert labels[str(mlp)] == visible(promotion.promoted.token_strings)


def test_few_numbers_at_once_change_nothing(read, monkeypatch):
    expected = node_labels(*read)
    monkeypatch.setattr(flow_news, "NUMBERS_AT_ONCE", 1)
    assert node_labels(*read) == expected


def test_of_many_nodes_those_are_read_whose_edges_survive_longest(read, monkeypatch):
    model, trace, graph = read
    everything = node_labels(model, trace, graph)
    monkeypatch.setattr(flow_news, "MAX_NODES", 9)
    labels = node_labels(model, trace, graph)
    states = [name for name in labels if ".mlp" not in name]
    assert len(states) == 9
    longest = dict.fromkeys(range(graph.lattice.n_nodes), 0.0)
    for source, target, survival in zip(graph.source, graph.target, graph.survival.tolist(), strict=True):
        for node in (int(source), int(target)):
            longest[node] = max(longest[node], survival)
    chosen = {graph.lattice.node_named(name) for name in states}
    assert min(longest[node] for node in chosen) >= max(longest[n] for n in longest if n not in chosen)
    assert graph.target_node in chosen
    assert labels == {name: everything[name] for name in labels}


def test_where_no_state_that_leaves_a_layer_is_among_them(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, TEXT)
    shares = llm_tt.attribute(tiny_model, trace)
    for part in (shares.attention, shares.attention_residual):
        part.zero_()
    monkeypatch.setattr(flow_news, "MAX_NODES", 3)
    assert list(node_labels(tiny_model, trace, build_graph(shares))) == ["embed@0", "embed@1", "embed@2"]


def test_where_the_lens_is_off_nothing_is_read(read, without_lens):
    model, trace, graph = read
    without_lens(model)
    assert not model.self_test.has(Capability.LENS)
    assert node_labels(model, trace, graph) == {}


def test_progress_is_told(tiny_model, monkeypatch):
    trace = llm_tt.capture(tiny_model, TEXT)
    graph = build_graph(llm_tt.attribute(tiny_model, trace))
    monkeypatch.setattr(flow_news, "NUMBERS_AT_ONCE", 10 * tiny_model.dimensions.d_vocab)
    told = shares_told(lambda progress: node_labels(tiny_model, trace, graph, progress))
    assert len(told) > 3


def test_the_meter_is_measured_evenly_over_the_slider(tiny_model):
    trace = llm_tt.capture(tiny_model, "abcdefgh")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace))
    densities = flow_news.densities_of_meter(graph)
    assert round(densities[0] * graph.n_candidates) == flow_news.FEWEST_EDGES
    assert densities[-1] == 1
    steps = np.diff(np.log(densities))
    assert np.allclose(steps, steps[0])
    tiny = graph.prune(density=0.01)
    assert max(flow_news.densities_of_meter(replace(tiny, n_candidates=5))) == 1
