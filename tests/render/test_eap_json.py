"""Circuits of EAP-IG: every node and edge that the model could have, and of the graph what it has."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.graph.building import build_graph
from llm_tt.graph.components_graph import components_graph
from llm_tt.render.eap_json import eap_json
from tests.graph.random_shares import SHAPES, by_hand, random_shares, signed


def read_circuit(content):
    """Nodes and edges in the graph, once all that the tool asserts as it reads has been checked."""
    content = json.loads(json.dumps(content, allow_nan=False))
    assert content.keys() == {"cfg", "nodes", "edges"}
    nodes, edges = possible(content["cfg"])
    assert list(content["nodes"]) == nodes
    assert set(content["edges"]) == edges
    for edge in content["edges"].values():
        assert type(edge["score"]) is float
        assert type(edge["in_graph"]) is bool
    in_graph = {name for name, node in content["nodes"].items() if node["in_graph"]}
    return in_graph, {name for name, edge in content["edges"].items() if edge["in_graph"]}


def possible(cfg):
    """All there could be: each part is read by whatever comes after it on the stream."""
    nodes, edges, stream = ["input"], set(), ["input"]
    for layer in range(cfg["n_layers"]):
        heads, mlp = [f"a{layer}.h{head}" for head in range(cfg["n_heads"])], f"m{layer}"
        edges |= {f"{writer}->{head}<{route}>" for writer in stream for head in heads for route in "qkv"}
        before_mlp = stream if cfg["parallel_attn_mlp"] else stream + heads
        edges |= {f"{writer}->{mlp}" for writer in before_mlp}
        stream = [*stream, *heads, mlp]
        nodes += [*heads, mlp]
    return [*nodes, "logits"], edges | {f"{writer}->logits" for writer in stream}


def without_positions(name):
    """`L1H2@5` as `a1.h2`."""
    part = name.partition("@")[0]
    if part in ("embed", "output"):
        return {"embed": "input", "output": "logits"}[part]
    return f"m{part[1:-4]}" if part.endswith(".mlp") else f"a{part[1:]}".replace("H", ".h")


def test_gpt2_small_has_the_nodes_and_edges_of_published_circuits():
    content = eap_json(build_graph(random_shares(12, 12, 2)), d_model=768)
    read_circuit(content)
    assert len(content["nodes"]) == 158
    assert len(content["edges"]) == 32_491
    assert content["cfg"] == {"n_layers": 12, "n_heads": 12, "parallel_attn_mlp": False, "d_model": 768}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("density", [1.0, 0.3])
def test_values_and_keys_carry_the_links_of_the_components(shape, density):
    for shares in (random_shares(*shape), signed(random_shares(*shape))):
        graph = build_graph(shares).prune(density=density)
        content = eap_json(graph)
        _, in_graph = read_circuit(content)
        components = components_graph(graph)
        names = [without_positions(name) for name in components.names()]
        expected = {}
        for source, target, weight in zip(
            components.source, components.target, components.link_weight.tolist(), strict=True
        ):
            routes = ("<k>", "<v>") if names[target].startswith("a") else ("",)
            for route in routes:
                edge = f"{names[source]}->{names[target]}{route}"
                expected[edge] = expected.get(edge, 0) + weight
        assert {edge for edge in in_graph if not edge.endswith("<q>")} == set(expected)
        for edge, described in content["edges"].items():
            if not edge.endswith("<q>"):
                assert described["score"] == pytest.approx(expected.get(edge, 0), abs=1e-14)


def test_queries_read_what_was_written_at_the_query():
    # Head 0 of layer 0 brings token 0 to token 1; then head 1 of layer 1 does so, and nothing else is read.
    attention = torch.zeros(2, 2, 2, 2, dtype=torch.float64)
    attention[0, 0, 1, 0], attention[1, 1, 1, 0] = 0.5, 0.3
    shares = random_shares(2, 2, 2)
    straight = torch.full_like(shares.mlp, 0.5)
    shares = replace(
        shares, attention=attention, attention_residual=straight, mlp_residual=straight, mlp=straight * 0
    )
    content = eap_json(build_graph(shares))
    _, in_graph = read_circuit(content)
    into = {edge: content["edges"][edge]["score"] for edge in in_graph if "->a1" in edge}
    # The query is half token 1 and half head; the key is token 0 alone.
    assert into == pytest.approx(
        {
            "input->a1.h1<v>": 0.3,
            "input->a1.h1<k>": 0.3,
            "input->a1.h1<q>": 0.15,
            "a0.h0->a1.h1<q>": 0.15,
        }
    )


def test_a_head_carries_the_same_on_all_three_ways():
    content = eap_json(build_graph(random_shares(3, 4, 6)))
    sums = {}
    for edge, described in content["edges"].items():
        reader = edge.partition("->")[2]
        sums[reader] = sums.get(reader, 0) + described["score"]
    heads = {reader[:-3] for reader in sums if reader.endswith("<q>")}
    assert len(heads) == 12
    for head in heads:
        assert sums[f"{head}<q>"] == pytest.approx(sums[f"{head}<v>"])
        assert sums[f"{head}<k>"] == pytest.approx(sums[f"{head}<v>"])


def test_by_hand():
    content = eap_json(build_graph(by_hand()))
    assert {name: edge["score"] for name, edge in content["edges"].items()} == pytest.approx(
        {
            "input->a0.h0<q>": 0.6,
            "input->a0.h0<k>": 0.6,
            "input->a0.h0<v>": 0.6,
            "input->m0": 0.4 / 3,
            "a0.h0->m0": 0.8 / 3,
            "input->logits": 0.2 / 3,
            "a0.h0->logits": 0.4 / 3,
            "m0->logits": 0.4,
        }
    )
    assert all(node["in_graph"] for node in content["nodes"].values())


@pytest.mark.parametrize("shape", SHAPES)
def test_nodes_in_the_graph_have_edges_on_both_sides(shape):
    whole = build_graph(random_shares(*shape))
    without_the_first_layer = whole.keep(whole.layer > 0)
    for graph in (whole, whole.prune(density=0.3), whole.prune(density=0.05), without_the_first_layer):
        nodes, edges = read_circuit(eap_json(graph))
        ends = [edge.partition("<")[0].split("->") for edge in edges]
        written, read = {writer for writer, _ in ends}, {reader for _, reader in ends}
        assert nodes == (written & (read | {"input"})) | {"logits"}


def test_nothing_is_left_that_the_tool_would_prune(open_family):
    model = open_family("GPT-NeoX")
    trace = llm_tt.capture(model, "A prompt.")
    graph = build_graph(llm_tt.attribute(model, trace, "relp"))
    for density in (0.3, 0.05, 0.01):
        content = eap_json(graph.prune(density=density))
        assert content["cfg"]["parallel_attn_mlp"]
        nodes, edges = read_circuit(content)
        assert {end for edge in edges for end in edge.partition("<")[0].split("->")} == nodes
        assert not any(edge.startswith("a0.") and edge.endswith("->m0") for edge in content["edges"])


def test_edges_that_were_cut_score_nothing():
    graph = build_graph(signed(random_shares(3, 3, 5)))
    whole, thin = eap_json(graph)["edges"], eap_json(graph.prune(density=0.1))["edges"]
    cut = [edge for edge in thin.values() if not edge["in_graph"]]
    assert len(cut) > 20
    assert {edge["score"] for edge in cut} == {0.0}
    assert np.count_nonzero([edge["in_graph"] for edge in whole.values()]) > len(whole) - len(cut)


def test_without_a_route_the_circuit_is_empty():
    nodes, edges = read_circuit(eap_json(build_graph(by_hand()).prune(threshold=2.0)))
    assert nodes == {"logits"}
    assert edges == set()
