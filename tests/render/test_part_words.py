"""Parts in words."""

import pytest

from llm_tt.render.part_words import NO_NAMES, named, sentence_about, title_of, with_own_names
from llm_tt.tracing.parts import Part

TOKENS = ["When", " Mary", "<b>"]


@pytest.mark.parametrize(
    ("name", "title", "sentence"),
    [
        ("embed@1", "embed", "Embedding of ·Mary (1)"),
        ("L2.mid@1", "L2.mid", "State behind the attention of layer 2 at ·Mary (1)"),
        ("L2.post@2", "L2.post", "State that leaves layer 2 at <b> (2)"),
        ("L2.mid.residual@1", "L2.mid.residual", "What L2.mid took over from the state before, at ·Mary (1)"),
        ("L2.attention@0-1", "L2.attention", "All heads of layer 2, from When (0) to ·Mary (1)"),
        ("L2H1@0-1", "L2H1", "Message of head 1 of layer 2, from When (0) to ·Mary (1)"),
        ("L2H1@1", "L2H1", "Head 1 of layer 2, all that it brings to ·Mary (1)"),
        ("L2.mlp@1", "L2.mlp", "MLP of layer 2 at ·Mary (1)"),
        ("L2N33@1", "L2N33", "Neuron 33 in the MLP of layer 2 at ·Mary (1)"),
    ],
)
def test_title_and_sentence(name, title, sentence):
    assert title_of(Part.named(name)) == title
    assert sentence_about(Part.named(name), TOKENS) == sentence


def test_a_persons_own_name_stands_behind_the_title():
    names = {"L2H1": "mover", "L0.mlp": ""}
    assert named("L2H1", names) == "L2H1 mover"
    assert named("L0.mlp", names) == named("L0.mlp", NO_NAMES) == "L0.mlp"
    columns = {"head": ["L2H1", "L2H2"], "weight": [1.0, 2.0]}
    assert with_own_names(columns, "head", names) == {"head": ["L2H1 mover", "L2H2"], "weight": [1.0, 2.0]}
    assert columns["head"] == ["L2H1", "L2H2"]
