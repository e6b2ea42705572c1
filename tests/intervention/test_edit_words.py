"""Edits as sentences."""

import pytest

from llm_tt.intervention.edit_words import sentence_of
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from tests.intervention.kinds_of_edits import EVERY_KIND


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Ablate.head(2, 1), "Head L2H1 off (mean) at all positions"),
        (Ablate.mlp(2, strength=0.5, baseline="zero"), "MLP L2.mlp 0.5 off (zero) at all positions"),
        (
            Ablate.edge(2, 4, head=1, positions=(13,)),
            "Messages of head L2H1 from position 4 off (mean) at position 13",
        ),
        (
            Scale.edge(2, 4, 0.5),
            "Messages of attention of layer 2 from position 4 times 0.5 at all positions",
        ),
        (SetNeuron(2, 33, 4.0, positions="prompt"), "Neuron L2N33 set to 4 in the prompt"),
        (Steer.neuron(2, 33, -1.0), "State L2.post moved by -1 along neuron L2N33 at all positions"),
        (
            Steer.tokens(2, " Mary", 17, strength=3.0, positions="generated"),
            "State L2.post moved by 3 toward ' Mary' and away from token 17 in generated text",
        ),
    ],
)
def test_sentences(edit, sentence):
    assert sentence_of(edit) == sentence


def test_no_two_edits_read_the_same():
    assert len({sentence_of(edit) for edit in EVERY_KIND.values()}) == len(EVERY_KIND)
