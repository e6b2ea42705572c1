"""Edits that do not fit a model or a prompt are refused before anything runs."""

import pytest

from llm_tt.errors import CapabilityError, InterventionError, TargetError
from llm_tt.intervention.checking import check_edits
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer


@pytest.mark.parametrize(
    "edit",
    [
        Ablate.head(1, 3),
        Ablate.edge(0, 4),
        Scale.mlp(1, 2.0, positions=(4,)),
        SetNeuron(1, 5, 1.0, positions="generated"),
        Steer.neuron(0, 5, 1.0),
        Steer.tokens(1, 65, "B", strength=1.0),
    ],
)
def test_what_is_there_may_be_changed(tiny_model, edit):
    check_edits(tiny_model, [edit], 5)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Ablate.head(2, 0), "no layer 2"),
        (Ablate.head(0, 4), "no head 4"),
        (SetNeuron(0, 9999, 1.0), "no neuron 9999"),
        (Steer.neuron(0, 9999, 1.0), "no neuron 9999"),
        (Steer.tokens(7, 65, strength=1.0), "no layer 7"),
        (Steer.tokens(0, 99_999, strength=1.0), "knows the tokens"),
        (Steer.tokens(0, 65, "two words", strength=1.0), "not one token"),
        (Ablate.edge(0, 5), "no position 5"),
        (Scale.mlp(0, 2.0, positions=(0, 5)), "no position 5"),
    ],
)
def test_what_is_not_there_is_said(tiny_model, edit, message):
    with pytest.raises(TargetError, match=message):
        check_edits(tiny_model, [Ablate.head(0, 0), edit], 5)


def test_a_step_from_a_token_to_itself_is_refused(tiny_model):
    for toward, away in ((65, 65), ("A", "A")):
        with pytest.raises(InterventionError, match="same token"):
            check_edits(tiny_model, [Steer.tokens(0, toward, away, strength=1.0)], 5)


def test_neurons_of_experts_cannot_be_changed(open_family):
    check_edits(open_family("Mixtral"), [Ablate.mlp(0)], 5)
    for edit in (SetNeuron(0, 1, 1.0), Steer.neuron(0, 1, 1.0)):
        with pytest.raises(CapabilityError):
            check_edits(open_family("Mixtral"), [edit], 5)
