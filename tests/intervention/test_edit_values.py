"""What all edits share: numbers in range, positions in order, and arguments by name."""

import pytest

from llm_tt.errors import InterventionError
from llm_tt.intervention.components import Component
from llm_tt.intervention.edit_values import LARGEST, Named, head_of_edge, of_component, writer_of
from llm_tt.intervention.edits import Scale
from llm_tt.tracing.parts import Part


def test_positions_are_put_in_order_and_numbers_are_bounded():
    assert Scale.mlp(0, 0.5, positions=(4, 2, 4)) == Scale.mlp(0, 0.5, positions=(2, 4))
    assert Scale.mlp(0, -LARGEST).strength_value == -LARGEST
    with pytest.raises(InterventionError, match=r"Change L0\.mlp with the factor 1000001"):
        Scale.mlp(0, LARGEST + 1)


def test_an_edge_names_its_head_last():
    assert of_component(Component.named("L2H1@4-")) == (".edge", [2, 4])
    assert head_of_edge(Component.named("L2H1@4-")) == [Named("head=1")]
    assert head_of_edge(Component.named("L2.attention@4-")) == []
    assert head_of_edge(Component.named("L2H1")) == []


def test_what_writes_a_part():
    assert writer_of(Part.named("L2H1@4")) == Component("head", 2, head=1)
    with pytest.raises(InterventionError, match=r"Switch off embed@4"):
        writer_of(Part.named("embed@4"))
