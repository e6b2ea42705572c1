"""Where chips lie and edges run: nothing covers anything, whatever the model has."""

from itertools import pairwise

import pytest

from tests.render.anatomy_view.made_up import Shape, made_up_payload
from tests.render.anatomy_view.shapes import SHAPES

ROOMS = [(900, 560), (1700, 700)]


@pytest.fixture(params=SHAPES)
def shape(request) -> Shape:
    return SHAPES[request.param]


def boxes(layout):
    """(left, top, right, bottom) of every chip."""
    half = layout["chipHeight"] / 2
    return [
        (x, y - half, x + layout["chipWidth"], y + half)
        for x, y in zip(layout["x"], layout["y"], strict=True)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_chips_overlap_and_all_lie_inside(shape, room, ask_node):
    (layout,) = ask_node(made_up_payload(shape), {"ask": "layout", "width": room[0], "height": room[1]})
    chips = boxes(layout)
    for i, (left, top, right, bottom) in enumerate(chips):
        assert 0 <= left < right <= layout["width"]
        assert 0 <= top < bottom <= layout["height"]
        for other in chips[:i]:
            apart = right <= other[0] or other[2] <= left or bottom + 1 <= other[1] or other[3] + 1 <= top
            assert apart, (chips[i], other)


def test_edges_run_from_left_to_right_and_across_no_other_chip(shape, ask_node):
    payload = made_up_payload(shape)
    graph, layout = ask_node(payload, {"ask": "graph"}, {"ask": "layout"})
    chips = boxes(layout)
    for edge, points in enumerate(layout["edges"]):
        source, target = graph["edges"]["source"][edge], graph["edges"]["target"][edge]
        xs, ys = points[::2], points[1::2]
        assert xs[0] == pytest.approx(chips[source][2])
        assert xs[-1] == pytest.approx(chips[target][0])
        assert all(before <= after + 1e-9 for before, after in pairwise(xs))
        for node, (left, top, right, bottom) in enumerate(chips):
            if node in (source, target):
                assert top <= (ys[0] if node == source else ys[-1]) <= bottom
                continue
            crossed = [(x, y) for x, y in zip(xs, ys, strict=True) if left < x < right and top < y < bottom]
            assert not crossed, (graph["nodes"]["name"][node], crossed)


def test_the_residual_stream_is_one_straight_lane_above_everything(shape, ask_node):
    graph, layout = ask_node(made_up_payload(shape), {"ask": "graph"}, {"ask": "layout"})
    lane = {node for node, kind in enumerate(graph["nodes"]["kind"]) if kind in ("input", "mid", "output")}
    assert {layout["y"][node] for node in lane} == {layout["laneY"]}
    assert all(y > layout["laneY"] + 20 for node, y in enumerate(layout["y"]) if node not in lane)
    for edge, kind in enumerate(graph["edges"]["kind"]):
        if kind == "residual":
            assert layout["edges"][edge][1::2] == pytest.approx([layout["laneY"]] * 15)


def test_the_lane_belongs_to_the_residual_stream_alone(shape, ask_node):
    graph, layout = ask_node(made_up_payload(shape), {"ask": "graph"}, {"ask": "layout"})
    for edge, points in enumerate(layout["edges"]):
        if graph["edges"]["kind"][edge] == "residual":
            continue
        ends = [layout["slotOf"][graph["edges"][end][edge]] for end in ("source", "target")]
        for slot in layout["slots"][ends[0] + 1 : ends[1]]:
            right = slot["x"] + slot["width"]
            inside = [y for x, y in zip(points[::2], points[1::2], strict=True) if slot["x"] <= x <= right]
            assert all(abs(y - layout["laneY"]) > 10 for y in inside), graph["nodes"]["name"]


def test_keys_stand_beside_their_values_and_queries_and_heads_at_their_middle(ask_node):
    graph, layout = ask_node(made_up_payload(SHAPES["three layers"]), {"ask": "graph"}, {"ask": "layout"})
    nodes, y = graph["nodes"], layout["y"]
    rows: dict[tuple, dict[str, list[float]]] = {}
    for node, kind in enumerate(nodes["kind"]):
        if nodes["head"][node] >= 0 and kind in ("query", "key", "value", "others_keys", "head"):
            rows.setdefault((nodes["layer"][node], nodes["head"][node]), {}).setdefault(kind, []).append(
                y[node]
            )
    assert len(rows) == 9
    for group in rows.values():
        assert group["key"] == group["value"]
        taken = group["value"] + group["others_keys"]
        middle = (min(taken) + max(taken)) / 2
        assert group["query"] == group["head"] == [pytest.approx(middle)]


def test_one_layer_fits_where_there_is_little_room_and_uses_what_there_is(ask_node):
    payload = made_up_payload()
    narrow, usual, wide = (
        ask_node(payload, {"ask": "layout", "width": width, "height": 560})[0] for width in (900, 1100, 1700)
    )
    assert narrow["chipWidth"] == 46
    assert narrow["whole"]["k"] == narrow["legible"]["k"] >= 0.8
    assert [usual["whole"]["k"], wide["whole"]["k"]] == pytest.approx([1, 1])  # sums of fractions
    assert 46 < usual["chipWidth"] < wide["chipWidth"] <= 92
    assert 18 <= usual["rowHeight"] <= 26


def test_several_layers_begin_at_their_right_end_and_all_can_be_seen(ask_node):
    (layout,) = ask_node(made_up_payload(SHAPES["three layers"]), {"ask": "layout", "width": 1100})
    legible, whole, plot = layout["legible"], layout["whole"], layout["plot"]
    assert legible["k"] >= 0.8
    assert legible["x"] + layout["width"] * legible["k"] == pytest.approx(plot["width"])
    assert layout["width"] * whole["k"] <= plot["width"] + 1e-9
    assert whole["x"] >= 0


def test_what_is_smaller_than_the_stage_stands_in_its_middle(ask_node):
    (layout,) = ask_node(made_up_payload(SHAPES["three layers"]), {"ask": "layout", "width": 700})
    whole, plot = layout["whole"], layout["plot"]
    left, above = whole["x"], whole["y"]
    assert above > 40
    assert above + layout["height"] * whole["k"] + above == pytest.approx(plot["height"])
    assert left + layout["width"] * whole["k"] + left == pytest.approx(plot["width"])


def test_layers_meet_behind_the_state_that_leads_from_one_to_the_next(ask_node):
    graph, layout = ask_node(made_up_payload(SHAPES["three layers"]), {"ask": "graph"}, {"ask": "layout"})
    outputs = [node for node, kind in enumerate(graph["nodes"]["kind"]) if kind == "output"]
    for (band, following), output in zip(pairwise(layout["bands"]), outputs, strict=False):
        assert band["right"] == following["left"] > layout["x"][output] + layout["chipWidth"]


def test_an_arrow_that_points_beyond_the_stage_has_room_beside_it(ask_node):
    """Its tip is 17 pixels left of the plot (canvas/beyond.js)."""
    (layout,) = ask_node(made_up_payload(), {"ask": "layout"})
    assert layout["plot"]["left"] >= 18


def test_an_edge_to_a_key_ends_before_the_token_that_made_it(ask_node):
    graph, layout, ends = ask_node(
        made_up_payload(), {"ask": "graph"}, {"ask": "layout"}, {"ask": "labelled", "reach": 30}
    )
    for edge, (x, _) in enumerate(ends):
        target = graph["edges"]["target"][edge]
        label = 30 if graph["nodes"]["key"][target] >= 0 else 0
        assert x == pytest.approx(layout["x"][target] - label)


def test_zooming_keeps_the_point_under_the_pointer_and_nothing_gets_lost(ask_node):
    for factor in (0.9, 1.3):
        (answer,) = ask_node(made_up_payload(), {"ask": "zoomed", "factor": factor, "at": [250, 200]})
        assert answer["after"]["k"] == pytest.approx(factor)
        assert answer["at"][0] == pytest.approx(250)
        assert answer["lost"]["x"] <= 40
    (answer,) = ask_node(made_up_payload(), {"ask": "zoomed", "factor": 1e-6, "at": [250, 200]})
    assert answer["after"]["k"] == answer["least"] < 0.6
