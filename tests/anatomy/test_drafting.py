"""Blocks of nodes and edges become columns in the order in which they were added."""

import numpy as np
import pytest
import torch

from llm_tt.anatomy.drafting import Amounts, Draft, amounts_of, at_rows
from llm_tt.anatomy.node_kinds import AnatomyNode, NodeKind

DIRECTION = torch.tensor([1.0, 0.0])


@pytest.fixture
def draft():
    """A state, two heads that write into it, and edges between."""
    draft = Draft(5, DIRECTION)
    state = draft.add(NodeKind.INPUT, 1, torch.tensor([[3.0, 4.0]]))
    vectors = torch.tensor([[1.0, 0.0], [0.0, -2.0]])
    heads = draft.add(
        NodeKind.HEAD, 1, vectors, coefficients=torch.tensor([0.5, 0.25]), head=torch.tensor([3, 0])
    )
    draft.connect(state, heads, "attention", draft.amounts_at(heads))
    return draft


def test_nodes_know_what_they_are(draft):
    assert draft.nodes == [
        AnatomyNode(NodeKind.INPUT, 1, 5),
        AnatomyNode(NodeKind.HEAD, 1, 5, head=3),
        AnatomyNode(NodeKind.HEAD, 1, 5, head=0),
    ]
    assert draft.counts == [1, 1, 1]
    assert draft.vectors.shape == (3, 2)
    assert draft.coefficients.isnan().tolist() == [True, False, False]


def test_amounts_are_the_vectors_unless_they_are_given(draft):
    assert draft.amounts.contribution.tolist() == [3, 1, 0]
    assert draft.amounts.norm.tolist() == [5, 1, 2]
    given = Amounts(torch.tensor([7.0]), torch.tensor([8.0]))
    place = draft.add(NodeKind.QUERY, 1, torch.tensor([[1.0, 1.0]]), amounts=given, head=torch.tensor([3]))
    assert draft.amounts_at(place).contribution.tolist() == [7]


def test_one_place_at_one_side_stands_for_all(draft):
    edges = draft.edges()
    assert edges.source.tolist() == [0, 0]
    assert edges.target.tolist() == [1, 2]
    assert edges.kind == ("attention", "attention")
    assert np.isnan(edges.attention).all()


def test_an_edge_without_amounts_is_none(draft):
    draft.connect(np.array([0]), np.array([], int), "mlp", amounts_of(torch.zeros(0, 2), DIRECTION))
    assert len(draft.edges().kind) == 2


def test_places_by_rows():
    assert at_rows(np.array([4, 7, 9]), torch.tensor([2, 0, 0])).tolist() == [9, 4, 4]


def test_a_place_that_is_not_there(draft):
    with pytest.raises(IndexError):
        draft.amounts_at(np.array([3]))
