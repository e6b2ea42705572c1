"""Parts that are not there are refused, each with its reason."""

import pytest

from llm_tt.errors import CapabilityError, TargetError
from llm_tt.tracing.part_limits import PartLimits
from llm_tt.tracing.parts import Part

LIMITS = PartLimits(n_layers=2, n_heads=4, n_positions=10, n_neurons=48, has_mid_states=True)
PARALLEL = PartLimits(n_layers=2, n_heads=4, n_positions=10, n_neurons=None, has_mid_states=False)


@pytest.mark.parametrize(
    "name",
    [
        "embed@9",
        "L1.mid@0",
        "L0.post.residual@3",
        "L1.attention@3-3",
        "L1H3@0-9",
        "L0H0@0",
        "L1.mlp@9",
        "L0N47@1",
    ],
)
def test_what_is_there_passes(name):
    LIMITS.check(Part.named(name))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("L2.post@0", "no layer 2"),
        ("embed@10", "no position 10"),
        ("L0H4@1", "no head 4"),
        ("L0H4@0-1", "no head 4"),
        ("L0N48@1", "no neuron 48"),
        ("L0H1@5-4", "Position 4 reads no messages from position 5"),
        ("L0.attention@5-4", "Position 4 reads no messages from position 5"),
    ],
)
def test_what_is_outside_is_said(name, found):
    with pytest.raises(TargetError, match=found):
        LIMITS.check(Part.named(name))


@pytest.mark.parametrize(
    "part",
    [
        Part("head", 0, 1),
        Part("message", 0, 1, head=1),
        Part("state", 0, 1),
        Part("residual", 0, 1, stage="embed"),
        Part("state", 0, 1, stage="embed"),
        Part("mlp", -1, 1),
        Part("mlp", 0, -1),
    ],
)
def test_parts_that_say_too_little_or_nonsense(part):
    with pytest.raises(TargetError):
        LIMITS.check(part)


@pytest.mark.parametrize("name", ["L0.mid@1", "L0.mid.residual@1"])
def test_parallel_blocks_have_no_state_between(name):
    with pytest.raises(TargetError, match="no state between"):
        PARALLEL.check(Part.named(name))
    PARALLEL.check(Part.named("L0.post.residual@1"))


def test_without_single_neurons():
    with pytest.raises(CapabilityError, match="not available"):
        PARALLEL.check(Part.named("L0N0@1"))
