"""The browser's names of parts are the library's, in both directions."""

from dataclasses import fields

import numpy as np
import pytest

from llm_tt.errors import TargetError
from llm_tt.graph.building import build_graph
from llm_tt.graph.edges import EdgeKind
from llm_tt.tracing.part_limits import PartLimits
from llm_tt.tracing.parts import Part
from tests.graph.random_shares import SHAPES, random_shares
from tests.render.flow_view.conftest import make_payload


def expected_name(graph, edge: int, *, one_head: bool) -> str:
    layer, query, key = int(graph.layer[edge]), int(graph.query[edge]), int(graph.key[edge])
    match EdgeKind(graph.kind[edge]):
        case EdgeKind.MLP:
            return str(Part("mlp", layer, query))
        case EdgeKind.RESIDUAL:
            stage = graph.lattice.place_of(int(graph.target[edge])).stage
            return str(Part("residual", layer, query, stage=stage))
        case EdgeKind.ATTENTION:
            if one_head:
                return str(Part("message", layer, query, key=key, head=int(graph.head[edge])))
            return str(Part("messages", layer, query, key=key))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_state_and_every_edge_has_its_name(shape, ask_node):
    graph = build_graph(random_shares(*shape))
    (names,) = ask_node(make_payload(random_shares(*shape)), {"ask": "names"})
    sent = np.flatnonzero(graph.weight > 0)
    assert names["states"] == [graph.lattice.name_of(node) for node in range(graph.lattice.n_nodes)]
    assert names["edges"] == [expected_name(graph, edge, one_head=True) for edge in sent]
    assert names["pairs"] == [expected_name(graph, edge, one_head=False) for edge in sent]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_name_is_read_as_the_same_part_with_its_nodes(shape, ask_node):
    graph = build_graph(random_shares(*shape))
    payload = make_payload(random_shares(*shape))
    (names,) = ask_node(payload, {"ask": "names"})
    sent = np.flatnonzero(graph.weight > 0)
    ends = dict.fromkeys(names["states"])
    for column in ("edges", "pairs"):
        nodes = zip(graph.source[sent].tolist(), graph.target[sent].tolist(), strict=True)
        ends |= dict(zip(names[column], nodes, strict=True))
    for name, read in zip(ends, ask_node(payload, *({"ask": "part", "name": n} for n in ends)), strict=True):
        part = Part.named(name)
        assert str(part) == name
        assert {field.name: read.get(field.name) for field in fields(Part)} == {
            field.name: getattr(part, field.name) for field in fields(Part)
        }
        if ends[name] is None:
            assert read["node"] == graph.lattice.node_named(name)
        else:
            assert (read["source"], read["node"]) == ends[name]


@pytest.mark.parametrize("parallel", [False, True])
def test_both_sides_know_the_same_parts(parallel, ask_node):
    names = [
        *(
            f"{stage}@{at}"
            for stage in ("embed", "L0.mid", "L1.post", "L2.post", "L9.mid")
            for at in (0, 3, 4)
        ),
        *(f"L1.{stage}.residual@{at}" for stage in ("mid", "post", "embed") for at in (0, 3, 4)),
        *(f"L{layer}{what}@1-2" for layer in (0, 1, 2) for what in (".attention", "H0", "H2", "H3")),
        *(f"L0{what}@{ends}" for what in (".attention", "H1") for ends in ("2-2", "3-2", "0-4", "1", "-1-2")),
        *(f"L{layer}{what}@{at}" for layer in (1, 2) for what in (".mlp", "H2", "H3", "N5") for at in (3, 4)),
        *(
            "",
            "L",
            "embed",
            "embed@",
            "L0.post@1 ",
            "l0.post@1",
            "L0.post@1\n",
            "L0.post@١",
            "<b>",
            "L-1.post@0",
        ),
    ]
    shares = random_shares(2, 3, 4, parallel)
    limits = PartLimits(n_layers=2, n_heads=3, n_positions=4, n_neurons=1000, has_mid_states=not parallel)

    def is_there(name: str) -> bool:
        """Other spellings are for the search; names in payloads and links are as we write them."""
        try:
            part = Part.named(name)
            limits.check(part)
        except TargetError:
            return False
        return str(part) == name

    found = ask_node(make_payload(shares), *({"ask": "part", "name": name} for name in names))
    assert {name: part is not None for name, part in zip(names, found, strict=True)} == {
        name: is_there(name) for name in names
    }


def test_what_a_part_is_called_in_front_of_a_person(ask_node):
    words = {
        "embed@2": "Embedding of c (2)",
        "L1.mid@2": "After attention, layer 1, c (2)",
        "L1.post@2": "After layer 1, c (2)",
        "L1.post.residual@2": "Residual, layer 1, c (2)",
        "L0.attention@0-2": "Attention, layer 0: a (0) → c (2)",
        "L0H1@0-2": "Head L0H1: a (0) → c (2)",
        "L0H1@2": "Head L0H1 at c (2)",
        "L1.mlp@2": "MLP, layer 1, c (2)",
        "L1N7@2": "Neuron L1N7 at c (2)",
    }
    payload = make_payload(random_shares(2, 3, 4))
    assert ask_node(payload, *({"ask": "called", "name": name} for name in words)) == list(words.values())


def test_what_a_person_calls_a_component_is_on_its_card_and_is_found(ask_node):
    shares = random_shares(*SHAPES[2])
    position = len(shares.prompt) - 1
    names = {"L0H1": "Mover <b>", "L0.mlp": "", "toString": "nothing"}
    asked = {"position": position, "cut": {"unit": "density", "value": 1}, "names": names}
    unnamed, card, found, head = ask_node(
        make_payload(shares),
        {"ask": "card", "name": f"L0.mlp@{position}", **asked},
        {"ask": "card", "name": f"L0H1@{position}", **asked},
        {"ask": "search", "text": " mover <B> ", **asked},
        {"ask": "search", "text": "L0H1", **asked},
    )
    assert "own-name" not in dict(unnamed)
    assert card[1] == ["own-name", "Mover <b>"]
    assert found == head
    assert found["found"]
