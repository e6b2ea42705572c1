"""Edits of MLPs: neurons, the whole, and steering that stays beside it."""

import torch
from torch.testing import assert_close

from llm_tt.intervention.blending import Window
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.intervention.mlp_edits import MlpEdits, NeuronEdits

WINDOW = Window(2, 6, 4)
"""Positions 2 to 5, of which 2 and 3 are the prompt's."""
USUAL = torch.tensor([1.0, 2.0, 3.0])
NUMBERS = torch.arange(24.0).reshape(2, 4, 3)


def test_neurons_are_changed_where_they_are_named():
    edits = [
        SetNeuron(0, 2, 9.0, positions="prompt"),
        Ablate.neuron(0, 0),
        Scale.neuron(0, 0, 2.0, positions=(5,)),
    ]
    expected = NUMBERS.clone()
    expected[:, :2, 2] = 9
    expected[..., 0] = 1
    expected[:, 3, 0] = 2
    given = NUMBERS.clone()
    assert_close(NeuronEdits(edits, USUAL).edited(WINDOW, given), expected)
    assert torch.equal(given, NUMBERS), "what was given is left alone"


def test_where_nothing_changes_nothing_is_written():
    assert NeuronEdits([SetNeuron(0, 2, 9.0, positions=(1, 6))], USUAL).edited(WINDOW, NUMBERS) is None
    steering = [(Steer.neuron(0, 1, 1.0, positions=(1,)), USUAL)]
    assert MlpEdits([Scale.mlp(0, 1.0)], USUAL, steering).edited(WINDOW, NUMBERS) is None
    assert MlpEdits([], USUAL, []).factor(WINDOW, NUMBERS) is None


def test_steering_stays_whatever_happens_to_the_mlp():
    vector = torch.tensor([5.0, 0.0, -5.0])
    steering = [(Steer.neuron(0, 1, 1.0), vector), (Steer.neuron(0, 1, 1.0, positions="generated"), vector)]
    edits = MlpEdits([Ablate.mlp(0, strength=0.5), Scale.mlp(0, 2.0, positions=(2,))], USUAL, steering)
    factor = torch.tensor([1.0, 0.5, 0.5, 0.5])
    times = torch.tensor([1.0, 1.0, 2.0, 2.0])
    outside = factor[:, None] * USUAL + times[:, None] * vector
    assert_close(edits.factor(WINDOW, NUMBERS), factor)
    assert_close(edits.outside(WINDOW, NUMBERS), outside)
    assert_close(edits.edited(WINDOW, NUMBERS), NUMBERS * factor[:, None] + outside)
