"""Interventions in a few words."""

import pytest

from llm_tt.intervention.components import Component
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.render.edit_words import component_name, edit_title, positions_label

TOKENS = ("The", " cat", "\n")


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        (Ablate.head(2, 1), "L2H1 off"),
        (Ablate.edge(1, 1), "L1.attention from ·cat (1) off"),
        (Scale.mlp(0, 0.5), "L0.mlp scaled"),
        (Scale.edge(1, 2, 3.0, head=4), "L1H4 from ⏎ (2) scaled"),
        (SetNeuron(2, 33, 4.0), "L2N33 set"),
        (Steer.neuron(2, 33, 4.0), "L2.post along L2N33"),
        (Steer.tokens(2, " Mary", strength=1.0), "L2.post toward ·Mary"),
        (Steer.tokens(2, 17, " John", strength=1.0), "L2.post toward token 17, away from ·John"),
    ],
)
def test_titles(edit, title):
    assert edit_title(edit, TOKENS) == title


def test_a_key_behind_the_prompt_is_said():
    edge = Component("edge", 1, key=9)
    assert component_name(edge, TOKENS) == "L1.attention from (9), not in this prompt"


@pytest.mark.parametrize(
    ("positions", "label"),
    [
        ("all", "everywhere"),
        ("prompt", "in the prompt"),
        ("generated", "in new tokens"),
        ((1,), "at ·cat (1)"),
        ((0, 7), "at The (0), (7), not in this prompt"),
    ],
)
def test_positions(positions, label):
    assert positions_label(positions, TOKENS) == label
