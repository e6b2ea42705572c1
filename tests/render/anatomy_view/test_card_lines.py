"""What the card says of a node or an edge."""

import json

from tests.render.anatomy_view.made_up import made_up_payload


def with_node(payload: bytes, kind: str, **changes) -> tuple[bytes, str]:
    """The payload with some fields of its first node of that kind set, and that node's name."""
    header = json.loads(payload[4:])
    node = header["nodes"]["kind"].index(kind)
    for name, value in changes.items():
        header["nodes"][name][node] = value
    return b"LTA1" + json.dumps(header).encode(), header["nodes"]["name"][node]


def test_a_key_says_who_made_it_and_all_its_numbers(ask_node):
    payload, name = with_node(
        made_up_payload(), "key", title="Key of head 1", key=1, rank=21, entropy=3.217, contribution=-0.6284,
        norm=7.02, coefficient=0.04, promoted=["·a", "<b>"], suppressed=["·c"], how="as its circuit reads it",
    )  # fmt: skip
    (lines,) = ask_node(payload, {"ask": "card", "name": name})
    assert lines == [
        ["title", "Key of head 1"],
        ["weight", "made by ·Mary (1)"],
        ["reads", "found by  ·a  <b>"],
        ["weight tokens", "passed over by  ·c"],
        ["weight", "·Mary is 21st of 3,013"],
        ["weight", "−0.628 logits to ·Mary"],
        ["weight", "length 7.02"],
        ["weight", "attention 4.0 %"],
        ["weight", "entropy 3.22 nats"],
        ["how", "as its circuit reads it"],
    ]


def test_a_neuron_has_an_activation_and_a_state_a_probability(ask_node):
    payload, name = with_node(made_up_payload(), "neuron", coefficient=2.5, promoted=["·a"])
    (lines,) = ask_node(payload, {"ask": "card", "name": name})
    assert ["weight", "activation 2.50"] in lines
    assert any(text.startswith("promotes  ·a") for _, text in lines)
    payload, name = with_node(
        made_up_payload(contrast="·John"), "output", probability=0.998, rank=1, contribution=13.19
    )
    (lines,) = ask_node(payload, {"ask": "card", "name": name})
    assert ["weight", "·Mary is 1st of 3,013, 100 %"] in lines
    assert ["weight", "+13.19 logits to ·Mary − ·John"] in lines


def test_tokens_of_a_state_have_probabilities_and_all_others_what_is_added(ask_node):
    for kind, expected in (
        ("output", ["100 %", "2.5 %", "0.03 %", "< 0.01 %", "< 0.01 %"]),
        ("norm_mlp", ["100 %", "2.5 %", "0.03 %", "< 0.01 %", "< 0.01 %"]),
        ("neuron", ["1.00", "0.03", "0.00", "0.00", "0.00"]),
        ("query", ["1.00", "0.03", "0.00", "0.00", "0.00"]),
    ):
        payload, name = with_node(made_up_payload(), kind)
        amounts = [0.9999, 0.025, 0.0003, 1e-6, 0.0]
        (said,) = ask_node(payload, {"ask": "readings", "name": name, "amounts": amounts})
        assert said == expected
    payload, name = with_node(made_up_payload(), "head")
    assert ask_node(payload, {"ask": "readings", "name": name, "amounts": [-3.4]}) == [["−3.40"]]


def test_what_cannot_be_read_is_not_said_to_be(ask_node):
    payload, name = with_node(
        made_up_payload(), "mlp_bias", promoted=[], suppressed=[], rank=None, entropy=None, coefficient=None
    )
    (lines,) = ask_node(payload, {"ask": "card", "name": name})
    assert [kind for kind, _ in lines] == ["title", "weight", "weight"]


def test_an_edge_says_where_it_runs_and_its_measures(ask_node):
    graph, *cards = ask_node(
        made_up_payload(), {"ask": "graph"}, *({"ask": "edgeCard", "edge": e} for e in range(20))
    )
    titles, edges = graph["nodes"]["title"], graph["edges"]
    for edge, lines in enumerate(cards):
        ends = [titles[edges[end][edge]] for end in ("source", "target")]
        assert lines[0] == ["title", f"{ends[0]} → {ends[1]}"]
        assert (edges["attention"][edge] is None) != any(text.startswith("attention ") for _, text in lines)
        assert any(text.endswith(" logits to ·Mary") for _, text in lines)


def test_ordinals(ask_node):
    numbers = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113, 3013]
    (said,) = ask_node(b"", {"ask": "ordinals", "numbers": numbers})
    assert " ".join(said) == "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 113th 3,013th"


def test_amounts_have_the_unit_of_their_measure(ask_node):
    for measure, expected in (
        ("contribution", ["+0.500", "−12.00"]),
        ("norm", ["0.50", "−12.0"]),
        ("attention", ["50 %", "−1200 %"]),
    ):
        (said,) = ask_node(made_up_payload(measure=measure), {"ask": "amounts", "values": [0.5, -12]})
        assert said == expected
