"""Kinds have stable codes and readable names."""

import pytest

from llm_tt.graph.edges import NO_HEAD, EdgeKind, edge_label


def test_codes_are_what_files_and_browsers_were_told():
    assert {kind.label: int(kind) for kind in EdgeKind} == {"attention": 0, "residual": 1, "mlp": 2}


@pytest.mark.parametrize(
    ("kind", "head", "label"), [(0, 3, "attention 3"), (1, NO_HEAD, "residual"), (2, -1, "mlp")]
)
def test_labels(kind, head, label):
    assert edge_label(kind, head) == label
