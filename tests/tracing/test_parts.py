"""Names of parts: read back as written, and nothing else is read."""

import pytest

from llm_tt.errors import TargetError
from llm_tt.tracing.parts import Part

NAMES = {
    "embed@4": Part("state", -1, 4, stage="embed"),
    "L2.mid@4": Part("state", 2, 4, stage="mid"),
    "L12.post@0": Part("state", 12, 0, stage="post"),
    "L0.mid.residual@4": Part("residual", 0, 4, stage="mid"),
    "L2.attention@1-13": Part("messages", 2, 13, key=1),
    "L2H0@0-13": Part("message", 2, 13, key=0, head=0),
    "L2H1@13": Part("head", 2, 13, head=1),
    "L0.mlp@13": Part("mlp", 0, 13),
    "L2N3072@13": Part("neuron", 2, 13, neuron=3072),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_back_as_it_was_written(name):
    assert Part.named(name) == NAMES[name]
    assert str(NAMES[name]) == name


@pytest.mark.parametrize(
    "name",
    ["", "L2", "L2H1", "L-1.mid@4", "embed@", "L2.mid@4 ", "L2H1@13-", "L٢.mid@4", f"L{'9' * 5000}.post@1"],
)
def test_what_is_no_name_is_said(name):
    with pytest.raises(TargetError, match="no name of a part"):
        Part.named(name)
