"""The picture as text."""

from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES


def test_the_summary_says_where_what_and_most(ask_node):
    (said,) = ask_node(made_up_payload(SHAPES["three layers"]), {"ask": "summary"})
    assert said.startswith("Layers 1 to 3 at ·to (13), on the way to ·Mary: ")
    assert " parts. Most comes from: " in said
    (said,) = ask_node(made_up_payload(), {"ask": "summary"})
    assert said.startswith("Layer 2 at ·to (13)")


def test_the_strongest_come_first_and_states_are_left_out(ask_node):
    for measure, field in (("contribution", "contribution"), ("norm", "norm"), ("attention", "contribution")):
        graph, names = ask_node(made_up_payload(measure=measure), {"ask": "graph"}, {"ask": "strongest"})
        nodes = graph["nodes"]
        sizes = [abs(nodes[field][nodes["name"].index(name)]) for name in names]
        assert sizes == sorted(sizes, reverse=True)
        kinds = {nodes["kind"][nodes["name"].index(name)] for name in names}
        assert kinds.isdisjoint({"input", "mid", "output"})
        assert len(names) == sum(kind not in ("input", "mid", "output") for kind in nodes["kind"])
