"""Files for circuit-tracer and Neuronpedia keep to the format's rules, and all nodes reach the page."""

from dataclasses import replace

import numpy as np
import pytest

import llm_tt
from llm_tt.attribution.method_list import METHODS
from llm_tt.attribution.run_record import Explained, Prediction, RunRecord
from llm_tt.attribution.target import Target
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.graph.component_influence import cumulative_influence
from llm_tt.graph.components_graph import components_graph
from llm_tt.model.prompt import Prompt
from llm_tt.render import circuit_tracer_json as module
from llm_tt.render.circuit_tracer_json import circuit_tracer_json
from tests.graph.random_shares import SHAPES, by_hand, random_shares, signed
from tests.render.circuit_tracer_rules import check_file, opened

AWKWARD = ['"', '"quoted"', "\n", "\\", "👋", "\ud83d", "\0", "(p=0.9)", "", "<b>&amp;</b>", "\u202e", "}{]["]


def node_named(content, clerp):
    (node,) = [node for node in content["nodes"] if node["clerp"] == clerp]
    return node


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-NeoX"])
@pytest.mark.parametrize("method", METHODS)
def test_graphs_of_every_method_whole_and_thin(open_family, family, method):
    model = open_family(family)
    trace = llm_tt.capture(model, "A prompt.")
    target = {} if method == "ifr" else {"target_token": 17, "contrast_token": 18}
    graph = build_graph(llm_tt.attribute(model, trace, method, **target))
    for kept in (graph, graph.prune(density=0.1), graph.prune(mass=0.5, renormalize=True)):
        content = circuit_tracer_json(kept)
        check_file(content)
        for goes_by in ("node_id", "jsNodeId"):
            assert len(opened(content, goes_by)) == len(content["nodes"])
        outputs = [node for node in content["nodes"] if node["feature_type"] == "logit"]
        assert [node["is_target_logit"] for node in outputs] == [True]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[2] > 1])
def test_nodes_and_links_are_those_of_the_components(shape):
    for shares in (random_shares(*shape), signed(random_shares(*shape))):
        graph = build_graph(shares)
        content = circuit_tracer_json(graph)
        check_file(content)
        components = components_graph(graph)
        ours = {node["node_id"]: node for node in content["nodes"][: components.n_components]}
        parts = {name for name in components.names() if name.startswith("L")}
        assert {node["clerp"] for node in ours.values() if node["layer"].isdigit()} >= parts
        assert [node["ctx_idx"] for node in ours.values()] == components.position.tolist()
        influence = [node["influence"] for node in ours.values()]
        assert influence[:-1] == cumulative_influence(components).tolist()[:-1]
        assert influence[-1] is None
        ids = list(ours)
        assert [(link["source"], link["target"], link["weight"]) for link in content["links"]] == [
            (ids[source], ids[target], weight)
            for source, target, weight in zip(
                components.source, components.target, components.link_weight, strict=True
            )
        ]


def test_ids_and_features_by_hand():
    record = RunRecord(predictions=(Prediction("x", 0.5), Prediction(" y", 0.1234)))
    prompt = Prompt("ab", (50, 60), ("a", "b"))
    content = circuit_tracer_json(build_graph(replace(by_hand(), prompt=prompt, record=record)))
    assert [
        (node["node_id"], node["feature"], node["layer"], node["feature_type"], node["clerp"])
        for node in content["nodes"]
    ] == [
        ("E_50_0", 0, "E", "embedding", 'Emb: "a"'),
        ("E_60_1", 1, "E", "embedding", 'Emb: "b"'),
        ("0_0_1", 0, "0", "attention head", "L0H0@1"),
        ("0_1_1", 2, "0", "mlp", "L0.mlp@1"),
        ("2_-1_1", -1, "2", "logit", 'Output " y" (p=0.123)'),
        ("1_2_1", 8, "1", "unknown", "nothing above layer 0"),
    ]
    assert content["links"][0] == {"source": "E_50_0", "target": "0_0_1", "weight": 0.5}
    assert content["qParams"]["clickedId"] == "2_-1_1"
    assert content["nodes"][4]["token_prob"] == 0.1234


def test_features_are_the_pair_of_layer_and_number():
    content = circuit_tracer_json(build_graph(random_shares(3, 4, 7)))
    parts = [node for node in content["nodes"] if node["feature_type"] in ("attention head", "mlp")]
    assert len(parts) > 50
    for node in parts:
        layer, number, _ = map(int, node["node_id"].split("_"))
        # As Neuronpedia takes them apart.
        width = int(((8 * node["feature"] + 1) ** 0.5 - 1) // 2)
        found = node["feature"] - width * (width + 1) // 2
        assert (width - found, found) == (layer, number)
        is_mlp = node["feature_type"] == "mlp"
        assert node["clerp"] == f"L{layer}{'.mlp' if is_mlp else f'H{number}'}@{node['ctx_idx']}"
        assert is_mlp == (number == 4)


def test_every_token_is_a_node_linked_or_not():
    thin = build_graph(random_shares(2, 2, 5), 3).prune(density=0.01)
    content = circuit_tracer_json(thin)
    tokens = {node["ctx_idx"]: node for node in content["nodes"] if node["layer"] == "E"}
    assert sorted(tokens) == [0, 1, 2, 3, 4]
    linked = {link["source"] for link in content["links"]}
    assert tokens[4]["node_id"] not in linked
    assert tokens[4]["influence"] == 1


def test_a_layer_above_the_first_is_made_up_only_where_there_is_none():
    deep = circuit_tracer_json(build_graph(random_shares(3, 2, 4)))
    assert "unknown" not in {node["feature_type"] for node in deep["nodes"]}
    graph = build_graph(random_shares(3, 2, 4))
    shallow = graph.keep((graph.layer == 0) | (graph.kind == 1))
    content = circuit_tracer_json(shallow)
    check_file(content)
    opened(content, "node_id")
    stand_in = node_named(content, "nothing above layer 0")
    assert stand_in["layer"] == "1"
    assert stand_in["node_id"] not in {
        end for link in content["links"] for end in (link["source"], link["target"])
    }


def test_a_contrast_is_one_output_with_signed_links():
    record = RunRecord(explained=Explained(" Mary", " John", 1.0))
    shares = replace(signed(random_shares(2, 2, 4)), record=record, target=Target(3, 7, 8, "logit"))
    content = circuit_tracer_json(build_graph(shares))
    check_file(content)
    output = node_named(content, 'Output " Mary − John" (p=0.731)')
    assert output["node_id"] == "3_7_3"
    weights = [link["weight"] for link in content["links"] if link["target"] == output["node_id"]]
    assert min(weights) < 0 < max(weights)


@pytest.mark.parametrize("token", AWKWARD)
def test_awkward_tokens_break_nothing(token):
    prompt = Prompt(f"{token} b", (5, 6, 7), (token, "b", token))
    shares = replace(signed(random_shares(2, 2, 3)), prompt=prompt, target=Target(2, 7, 8, "logit"))
    records = [
        RunRecord(explained=Explained(token, None, 0.5)),
        RunRecord(explained=Explained(token, token, 0.5)),
    ]
    for record, probability in zip(records, (0.5, 0.622), strict=True):
        content = circuit_tracer_json(build_graph(replace(shares, record=record)))
        check_file(content)
        shown = opened(content, "node_id")
        assert shown["3_7_2"]["logitPct"] == probability
        # The page cuts the token out between the first two quotes.
        assert shown["3_7_2"]["clerp"].split('"')[2] == f" (p={probability:.3f})"


def test_ordinary_tokens_stay_as_they_are():
    record = RunRecord(explained=Explained(" the café", None, 1.0))
    shares = replace(signed(random_shares(2, 1, 2)), record=record)
    assert node_named(circuit_tracer_json(build_graph(shares)), 'Output " the café" (p=1.000)')


@pytest.mark.parametrize(("limit", "value", "what"), [("MOST_LINKS", 30, "links"), ("MOST_NODES", 25, "25")])
def test_a_graph_that_is_too_large_says_how_to_thin_it(monkeypatch, limit, value, what):
    monkeypatch.setattr(module, limit, value)
    graph = build_graph(random_shares(3, 4, 7))
    with pytest.raises(ExportError, match=what) as caught:
        circuit_tracer_json(graph)
    cure = caught.value.remedy
    assert cure.startswith("Thin it first: graph.prune(density=")
    density = float(cure.partition("density=")[2].partition(")")[0])
    content = circuit_tracer_json(graph.prune(density=density))
    assert len(content["links"]) <= 30 or limit == "MOST_NODES"
    assert len(content["nodes"]) <= 25 or limit == "MOST_LINKS"


def test_tokens_without_links_count_among_the_nodes(monkeypatch):
    graph = build_graph(random_shares(3, 4, 7)).prune(density=0.05)
    n_components = components_graph(graph).n_components
    monkeypatch.setattr(module, "MOST_NODES", n_components + 7)
    assert len(circuit_tracer_json(graph)["nodes"]) <= n_components + 7
    monkeypatch.setattr(module, "MOST_NODES", n_components + 6)
    with pytest.raises(ExportError, match=f"{n_components:,} heads"):
        circuit_tracer_json(graph)


def test_a_graph_without_a_route_is_refused():
    with pytest.raises(ExportError, match="no route") as cut_away:
        circuit_tracer_json(build_graph(by_hand()).prune(threshold=2.0))
    assert "Cut less" in cut_away.value.remedy
    whole = build_graph(by_hand())
    nothing_reaches = replace(
        whole, survival=np.zeros_like(whole.survival), weight=np.zeros_like(whole.weight)
    )
    with pytest.raises(ExportError, match="no route") as never_there:
        circuit_tracer_json(nothing_reaches)
    assert "Cut less" not in never_there.value.remedy


def test_the_slug_is_passed_on():
    assert circuit_tracer_json(build_graph(by_hand()), slug="mine")["metadata"]["slug"] == "mine"
