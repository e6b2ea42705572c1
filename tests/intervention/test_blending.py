"""Edits of one thing follow each other in their order, each at its own positions."""

import numpy as np
import pytest

from llm_tt.intervention.blending import Blends, Window, needs_usual
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer

WINDOW = Window(0, 4, 3)


def blended(*edits):
    """Own share, usual share and constant at each of four positions."""
    blends = Blends(1, 4)
    for edit in edits:
        blends.apply(edit, WINDOW, 0)
    return [numbers[0].tolist() for numbers in (blends.own, blends.usual, blends.constant)]


@pytest.mark.parametrize(
    ("edits", "own", "usual", "constant"),
    [
        ([], 1, 0, 0),
        ([Ablate.neuron(0, 1)], 0, 1, 0),
        ([Ablate.neuron(0, 1, baseline="zero")], 0, 0, 0),
        ([Ablate.neuron(0, 1, strength=0.25)], 0.75, 0.25, 0),
        ([Scale.neuron(0, 1, 0.5), Scale.neuron(0, 1, 0.5)], 0.25, 0, 0),
        ([Ablate.neuron(0, 1), Scale.neuron(0, 1, 3.0)], 0, 3, 0),
        ([Scale.neuron(0, 1, 3.0), Ablate.neuron(0, 1)], 0, 1, 0),
        ([Ablate.neuron(0, 1, strength=0.5), Ablate.neuron(0, 1, strength=0.5)], 0.25, 0.75, 0),
        ([SetNeuron(0, 1, 4.0)], 0, 0, 4),
        ([SetNeuron(0, 1, 4.0), Ablate.neuron(0, 1, strength=0.5)], 0, 0.5, 2),
        ([Ablate.neuron(0, 1), SetNeuron(0, 1, 4.0)], 0, 0, 4),
    ],
)
def test_the_order_counts(edits, own, usual, constant):
    assert blended(*edits) == [[own] * 4, [usual] * 4, [constant] * 4]


def test_each_acts_at_its_own_positions():
    edits = [Scale.mlp(0, 2.0, positions="prompt"), Scale.mlp(0, 3.0, positions=(2, 3, 9))]
    assert blended(*edits)[0] == [2, 2, 6, 3]


def test_nothing_is_told_from_something():
    blends = Blends(2, 4)
    blends.apply(Scale.mlp(0, 5.0, positions=(7,)), WINDOW, 1)
    assert blends.is_nothing
    blends.apply(Scale.mlp(0, 5.0, positions=(1,)), WINDOW, 1)
    assert not blends.is_nothing
    assert np.array_equal(blends.own, [[1, 1, 1, 1], [1, 5, 1, 1]])


def test_the_mean_is_asked_for_only_where_it_is_needed():
    assert needs_usual([Scale.mlp(0, 2.0), Ablate.mlp(0)])
    others = [
        Scale.mlp(0, 2.0),
        Ablate.mlp(0, baseline="zero"),
        SetNeuron(0, 1, 1.0),
        Steer.neuron(0, 1, 1.0),
    ]
    assert not needs_usual(others)
