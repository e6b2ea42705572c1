"""The usual cut is that of the picture."""

import pytest

import llm_tt
from llm_tt.graph.main_routes import usual_cut
from tests.graph.random_shares import SHAPES, random_shares
from tests.render.flow_view.conftest import ask_node, make_payload  # noqa: F401 (a fixture)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_usual_cut_is_that_of_the_picture(shape, ask_node):  # noqa: F811
    shares = random_shares(*shape)
    graph = llm_tt.build_graph(shares)
    [shown] = ask_node(make_payload(shares), {"ask": "cut", "position": graph.target_position, "cut": None})
    cut = usual_cut(graph)
    assert graph.prune(density=cut.density).n_edges == shown["edges"]
    assert graph.prune(density=cut.density).n_edges > 0
