"""What a person types, and the nodes that are meant."""

import pytest

from tests.render.anatomy_view.made_up import PROMPT, made_up_payload
from tests.render.anatomy_view.shapes import SHAPES

TWO = made_up_payload(SHAPES["two layers"])


def search(ask_node, text: str, payload: bytes = TWO) -> list[str]:
    (found,) = ask_node(payload, {"ask": "search", "text": text})
    assert len(set(found)) == len(found)
    return found


@pytest.mark.parametrize("text", ["L2H1", "l2h1", " L2 h1 ", "L2.H1"])
def test_a_head_comes_first_and_what_belongs_to_it_follows(text, ask_node):
    found = search(ask_node, text)
    assert found[0] == "L2H1@13"
    assert {"L2H1.query@13", "L2H1.others@13"} <= set(found)
    assert all(name.startswith("L2H1") for name in found)


def test_without_a_layer_all_shown_layers_are_meant(ask_node):
    assert search(ask_node, "H1")[:2] == ["L1H1@13", "L2H1@13"]
    assert search(ask_node, "mlp") == ["L1.mlp@13", "L2.mlp@13"]
    assert search(ask_node, "L2 ffn") == ["L2.mlp@13"]
    assert search(ask_node, "mid") == ["L1.mid@13", "L2.mid@13"]


def test_a_neuron_is_what_it_writes_before_what_it_reads(ask_node):
    (graph,) = ask_node(TWO, {"ask": "graph"})
    nodes = graph["nodes"]
    node = nodes["kind"].index("neuron")
    number, layer = nodes["neuron"][node], nodes["layer"][node]
    assert search(ask_node, f"N{number}")[:2] == [f"L{layer}N{number}@13", f"L{layer}N{number}.in@13"]
    assert search(ask_node, f"L{layer}N{number}")[0] == f"L{layer}N{number}@13"
    assert search(ask_node, "N99999") == []


def test_a_name_means_itself(ask_node):
    assert search(ask_node, "L1.attention.bias@13") == ["L1.attention.bias@13"]
    assert search(ask_node, "L1.attention.bias") == ["L1.attention.bias@13"]
    assert search(ask_node, "L1.mid.residual@13") == ["L1.mid.residual@13"]
    assert len(search(ask_node, "L2")) > 30


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2.1", "L2H1"),
        ("a2.h1", "L2H1"),
        ("blocks.2.attn.hook_result.1", "L2H1"),
        ("m2", "L2.mlp@13"),
        ("MLP 2", "L2.mlp@13"),
        ("blocks.2.hook_mlp_out", "L2.mlp@13"),
        ("blocks.2.hook_resid_mid", "L2.mid@13"),
        ("blocks.2.hook_resid_mid@13", "L2.mid@13"),
    ],
)
def test_other_spellings_mean_the_same(text, same, ask_node):
    assert search(ask_node, text) == search(ask_node, same) != []


def test_a_number_that_is_a_token_stays_one(ask_node):
    """Names come second: what was found by its token before is found by it still."""
    payload = TWO.replace("·Mary".encode(), b"\xc2\xb72.10")
    assert len(payload) == len(TWO)
    assert search(ask_node, "2.10", payload) == search(ask_node, "·Mary") != []


@pytest.mark.parametrize("text", ["·Mary", "mary", " Mary"])
def test_a_token_is_found_where_it_is_shown_and_where_it_made_a_key(text, ask_node):
    found = search(ask_node, text)
    (graph,) = ask_node(TWO, {"ask": "graph"})
    nodes = graph["nodes"]
    first = {n for n, said in zip(nodes["name"], nodes["promoted"], strict=True) if said[:1] == ["·Mary"]}
    made = {
        n for n, key in zip(nodes["name"], nodes["key"], strict=True) if key >= 0 and PROMPT[key] == "·Mary"
    }
    assert first
    assert made
    assert set(found[: len(first)]) == first
    assert set(found[: len(first | made)]) == first | made


@pytest.mark.parametrize("text", ["", "   ", "nowhere"])
def test_nothing_is_found_where_nothing_is_asked_or_there(text, ask_node):
    assert search(ask_node, text) == []
