"""Walking without a mouse: along the strongest edge, and within a column."""

import pytest

from tests.render.anatomy_view.made_up import made_up_payload


@pytest.mark.parametrize(
    ("key", "near", "far"), [("ArrowLeft", "target", "source"), ("ArrowRight", "source", "target")]
)
def test_left_and_right_follow_the_strongest_edge(key, near, far, ask_node):
    payload = made_up_payload()
    (graph,) = ask_node(payload, {"ask": "graph"})
    names, edges = graph["nodes"]["name"], graph["edges"]
    answers = ask_node(payload, *({"ask": "walk", "name": name, "key": key} for name in names))
    for node, answer in enumerate(answers):
        mine = [e for e in range(graph["nEdges"]) if edges[near][e] == node]
        strongest = max(mine, key=lambda e: abs(edges["contribution"][e]), default=None)
        assert answer == (None if strongest is None else names[edges[far][strongest]])


def test_up_and_down_stay_in_the_column(ask_node):
    payload = made_up_payload()
    graph, layout = ask_node(payload, {"ask": "graph"}, {"ask": "layout"})
    name = next(n for n in graph["nodes"]["name"] if n.startswith("L2H0.value"))
    seen = [name]
    while True:
        (name,) = ask_node(payload, {"ask": "walk", "name": seen[-1], "key": "ArrowDown"})
        if name is None:
            break
        seen.append(name)
    column = [n for n, kind in zip(graph["nodes"]["name"], graph["nodes"]["kind"], strict=True)
              if kind in ("value", "others_keys")]  # fmt: skip
    heights = [layout["y"][graph["nodes"]["name"].index(n)] for n in seen]
    assert heights == sorted(heights)
    assert set(seen) == set(column)
    (back,) = ask_node(payload, {"ask": "walk", "name": seen[1], "key": "ArrowUp"})
    assert back == seen[0]


def test_other_keys_lead_nowhere(ask_node):
    assert ask_node(made_up_payload(), {"ask": "walk", "name": "L2.post@13", "key": "x"}) == [None]
