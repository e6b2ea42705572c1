"""Nodes have one number and one name, and each leads to the other."""

import pytest

from llm_tt.errors import GraphError
from llm_tt.graph.lattice import Lattice, Place

SEQUENTIAL = Lattice(n_layers=3, n_heads=2, n_positions=5, has_parallel_blocks=False)
PARALLEL = Lattice(n_layers=3, n_heads=2, n_positions=5, has_parallel_blocks=True)


@pytest.mark.parametrize("lattice", [SEQUENTIAL, PARALLEL], ids=["sequential", "parallel"])
def test_every_node_has_its_own_name_and_is_found_by_it(lattice):
    names = [lattice.name_of(node) for node in range(lattice.n_nodes)]
    assert len(set(names)) == len(names)
    assert [lattice.node_named(name) for name in names] == list(range(lattice.n_nodes))


def test_sequential_rows_by_hand():
    assert SEQUENTIAL.n_rows == 7
    rows = [SEQUENTIAL.name_of(SEQUENTIAL.node_at(row, 4)) for row in range(7)]
    assert rows == ["embed@4", "L0.mid@4", "L0.post@4", "L1.mid@4", "L1.post@4", "L2.mid@4", "L2.post@4"]
    assert SEQUENTIAL.node_at(3, 4) == 19


def test_parallel_rows_by_hand():
    assert PARALLEL.n_rows == 4
    rows = [PARALLEL.name_of(PARALLEL.node_at(row, 0)) for row in range(4)]
    assert rows == ["embed@0", "L0.post@0", "L1.post@0", "L2.post@0"]


def test_places():
    assert SEQUENTIAL.place_of(2) == Place("embed", -1, 2)
    assert SEQUENTIAL.place_of(SEQUENTIAL.node_named("L1.mid@3")) == Place("mid", 1, 3)


@pytest.mark.parametrize(
    ("lattice", "name", "cure"),
    [
        (SEQUENTIAL, "L2mid@4", "embed@4, L2.mid@4 or L2.post@4"),
        (SEQUENTIAL, "L2.mid@-1", "embed@4, L2.mid@4 or L2.post@4"),
        (SEQUENTIAL, "embed@4 ", "embed@4, L2.mid@4 or L2.post@4"),
        (SEQUENTIAL, "L3.post@0", "L0 to L2"),
        (SEQUENTIAL, "L2.post@5", "0 to 4"),
        (SEQUENTIAL, "embed@5", "0 to 4"),
        (PARALLEL, "L1.mid@0", "Ask for L1.post@0"),
    ],
)
def test_names_of_no_node(lattice, name, cure):
    with pytest.raises(GraphError, match=cure) as caught:
        lattice.node_named(name)
    assert repr(name) in caught.value.asked


@pytest.mark.parametrize("node", [-1, 35])
def test_numbers_of_no_node(node):
    with pytest.raises(GraphError, match="0 to 34"):
        SEQUENTIAL.name_of(node)
