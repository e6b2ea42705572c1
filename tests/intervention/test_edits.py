"""Edits are plain values: they can be evaluated from their repr, compared, changed and read back."""

import pytest

from llm_tt.errors import InterventionError
from llm_tt.intervention.edit_json import edit_from_json
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.tracing.parts import Part
from tests.intervention.kinds_of_edits import EVERY_KIND

NAMES = {"Ablate": Ablate, "Scale": Scale, "SetNeuron": SetNeuron, "Steer": Steer}
every_kind = pytest.mark.parametrize("edit", EVERY_KIND.values(), ids=EVERY_KIND.keys())


@every_kind
def test_an_edit_is_read_back_from_its_repr_and_from_json(edit):
    assert eval(repr(edit), NAMES) == edit
    assert edit_from_json(edit.to_json()) == edit
    assert hash(eval(repr(edit), NAMES)) == hash(edit)


@pytest.mark.parametrize(
    ("edit", "written", "json"),
    [
        (
            Ablate.head(2, 3, positions=(13,), baseline="zero"),
            "Ablate.head(2, 3, positions=(13,), baseline='zero')",
            {"kind": "ablate", "component": "L2H3", "positions": [13], "baseline": "zero"},
        ),
        (
            Ablate.edge(2, 1, head=3),
            "Ablate.edge(2, 1, head=3)",
            {"kind": "ablate", "component": "L2H3@1-"},
        ),
        (
            Scale.edge(2, 1, 0.5, positions="prompt"),
            "Scale.edge(2, 1, 0.5, positions='prompt')",
            {"kind": "scale", "component": "L2.attention@1-", "factor": 0.5, "positions": "prompt"},
        ),
        (
            SetNeuron(2, 33, 4.0),
            "SetNeuron(2, 33, 4.0)",
            {"kind": "set", "component": "L2N33", "value": 4.0},
        ),
        (
            Steer.tokens(2, " Mary", 17, strength=3.0),
            "Steer.tokens(2, ' Mary', 17, strength=3.0)",
            {"kind": "steer", "layer": 2, "toward": " Mary", "away": 17, "strength": 3.0},
        ),
    ],
)
def test_defaults_are_left_out(edit, written, json):
    assert repr(edit) == written
    assert edit.to_json() == json


@every_kind
def test_a_slider_moves_one_number(edit):
    moved = edit.with_strength(0.125)
    assert moved.strength_value == 0.125
    assert moved != edit
    assert moved.with_strength(edit.strength_value) == edit
    assert edit.at((5, 2)).positions == (2, 5)
    assert edit.at("prompt").strength_value == edit.strength_value
    assert edit.component_name.startswith(f"L{edit.layer}")


def test_parts_of_a_pass_are_cut_where_they_write():
    assert Ablate.part(Part.named("L2H1@1-13")) == Ablate.edge(2, 1, head=1, positions=(13,))
    assert Ablate.part(Part.named("L2.mlp@4"), baseline="zero") == Ablate.mlp(
        2, positions=(4,), baseline="zero"
    )
    assert Scale.part(Part.named("L2N3@4"), 2.0) == Scale.neuron(2, 3, 2.0, positions=(4,))
    for name in ("L2.post@4", "L2.mid.residual@4"):
        with pytest.raises(InterventionError, match="Choose a head, a message, an MLP or a neuron"):
            Ablate.part(Part.named(name))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: Ablate.head(0, 1, strength=1.5), "from 0 to 1"),
        (lambda: Ablate.head(0, 1, strength=-0.1), "from 0 to 1"),
        (lambda: Ablate.head(0, 1, strength=float("nan")), "from 0 to 1"),
        (lambda: Scale.mlp(0, float("inf")), "a number from -1e"),
        (lambda: Scale.mlp(0, 1e300), "a number from -1e"),
        (lambda: SetNeuron(0, -1, 1.0), "name no neuron"),
        (lambda: SetNeuron(0, 1, 1.0, positions=()), "No position"),
        (lambda: Steer.neuron(-2, 1, 1.0), "name no neuron"),
        (lambda: Steer.tokens(1, "", strength=1.0), "is no token"),
        (lambda: Steer.tokens(1, 3, -4, strength=1.0), "is no token"),
        (lambda: Steer.tokens(1, "x" * 201, strength=1.0), "is no token"),
    ],
)
def test_what_means_nothing_is_refused(make, found):
    with pytest.raises(InterventionError, match=found):
        make()
