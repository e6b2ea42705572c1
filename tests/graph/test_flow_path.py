"""A route's numbers come from its edges."""

import pytest

from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_path import FlowPath, PathEdge


def test_weight_is_the_product_and_width_the_smallest():
    path = FlowPath(
        nodes=(0, 3, 5),
        edges=(PathEdge(EdgeKind.ATTENTION, 2, -0.5), PathEdge(EdgeKind.MLP, None, 0.4)),
    )
    assert path.weight == pytest.approx(0.2)
    assert path.width == 0.4
