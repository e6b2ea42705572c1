"""Names of cards and of chosen parts."""

import pytest

from llm_tt.app.concepts.chosen_neuron import name_of_chosen
from llm_tt.tracing.parts import Part


@pytest.mark.parametrize(
    ("part", "name"), [("L2N33@4", "L2N33"), ("L2H1@4", None), ("L2.post@4", None), (None, None)]
)
def test_the_card_of_a_chosen_part(part, name):
    assert name_of_chosen(None if part is None else Part.named(part)) == name
