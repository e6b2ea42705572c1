"""What a person types into the graph's search, and the parts that are meant."""

from dataclasses import replace

import pytest

from tests.graph.random_shares import SHAPES, random_shares
from tests.render.flow_view.conftest import make_payload

POSITION = 3
EVERYTHING = {"position": POSITION, "cut": {"unit": "density", "value": 1}}


@pytest.fixture(scope="module")
def payload():
    return make_payload(random_shares(*SHAPES[2]))


def search(ask_node, payload, *texts, **more):
    found = ask_node(payload, *({"ask": "search", "text": text, **EVERYTHING, **more} for text in texts))
    return [one["found"] for one in found]


def test_a_head_is_found_by_all_its_names(ask_node, payload):
    spellings = ["L1H2", "1.2", "a1.h2", "l1 h2", " 1h2 ", "blocks.1.attn.hook_z.2"]
    found = search(ask_node, payload, *spellings)
    assert found[0]
    assert all(name.startswith("L1H2@") for name in found[0])
    assert all(one == found[0] for one in found)


def test_an_mlp_is_found_by_all_its_names(ask_node, payload):
    found = search(ask_node, payload, "L1.mlp", "L1 mlp", "m1", "ffn 1", "MLP 1", "blocks.1.hook_mlp_out")
    assert found[0]
    assert all(name.startswith("L1.mlp@") for name in found[0])
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("L1", f"L1.post@{POSITION}"),
        ("l1", f"L1.post@{POSITION}"),
        ("L1.post", f"L1.post@{POSITION}"),
        ("l1 mid", f"L1.mid@{POSITION}"),
        ("L1N5", f"L1N5@{POSITION}"),
        ("l1 n5", f"L1N5@{POSITION}"),
        ("blocks.1.hook_resid_pre", f"L0.post@{POSITION}"),
        ("blocks.0.hook_resid_pre", f"embed@{POSITION}"),
        ("blocks.1.hook_resid_mid@2", "L1.mid@2"),
        ("1.2@0-3", "L1H2@0-3"),
        ("m1@2", "L1.mlp@2"),
        ("L1.mid.residual@2", "L1.mid.residual@2"),
    ],
)
def test_a_name_means_one_part(text, name, ask_node, payload):
    assert search(ask_node, payload, text) == [[name]]


def test_what_is_not_there_is_not_found(ask_node, payload):
    nowhere = ["L7", "7.1", "1.7@3", "L1N5@9", "m7", "L7.post", "blocks.1.attn.hook_z", "nowhere", " "]
    assert search(ask_node, payload, *nowhere) == [[]] * len(nowhere)


def test_words_of_names_are_still_tokens(ask_node):
    shares = random_shares(*SHAPES[2])
    tokens = ("embed", "mlp", "9,6", "post")
    shares = replace(shares, prompt=replace(shares.prompt, token_strings=tokens))
    found = search(ask_node, make_payload(shares), *tokens)
    assert found == [[f"embed@{place}"] for place in range(4)]


def test_a_persons_own_name_leads_to_the_component(ask_node, payload):
    own, mlp = search(ask_node, payload, "The Doubler", "L1.mlp", names={"L1.mlp": "the doubler"})
    assert own == mlp != []
