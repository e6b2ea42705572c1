"""Names of components are read back, those of parts lead to them, and what a model lacks is said."""

import pytest

from llm_tt.errors import CapabilityError, InterventionError, TargetError
from llm_tt.intervention.components import Component, check_component
from llm_tt.tracing.parts import Part

NAMES = {
    "L2H1": Component("head", 2, head=1),
    "L2N33": Component("neuron", 2, neuron=33),
    "L12.mlp": Component("mlp", 12),
    "L2H1@4-": Component("edge", 2, head=1, key=4),
    "L0.attention@0-": Component("edge", 0, key=0),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_back(name):
    assert Component.named(name) == NAMES[name]
    assert str(NAMES[name]) == name


@pytest.mark.parametrize(
    "name", ["", "L2", "L2H", "H1", "L2H1@1", "L2H1@1-3", "L2.attention", "L2H1 ", "L٢H1", "L" + "9" * 5000]
)
def test_what_is_no_name_is_said(name):
    with pytest.raises(InterventionError, match="no name of something that can be changed"):
        Component.named(name)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("L2H1@13", "L2H1"),
        ("L2H1@1-13", "L2H1@1-"),
        ("L2.attention@1-13", "L2.attention@1-"),
        ("L2.mlp@13", "L2.mlp"),
        ("L2N33@13", "L2N33"),
        ("embed@4", None),
        ("L2.mid@4", None),
        ("L2.post.residual@4", None),
    ],
)
def test_what_writes_a_part(part, name):
    found = Component.of(Part.named(part))
    assert (None if found is None else str(found)) == name


@pytest.mark.parametrize(
    "numbers",
    [
        {"kind": "head", "layer": 0},
        {"kind": "head", "layer": 0, "head": 1, "key": 2},
        {"kind": "mlp", "layer": 0, "neuron": 1},
        {"kind": "edge", "layer": 0, "head": 1},
        {"kind": "mlp", "layer": -1},
        {"kind": "neuron", "layer": 1, "neuron": -3},
    ],
)
def test_numbers_that_name_nothing_are_refused(numbers):
    with pytest.raises(InterventionError, match=f"name no {numbers['kind']}"):
        Component(**numbers)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("L2H0", "no layer 2"),
        ("L1H4", "no head 4"),
        ("L0H4@1-", "no head 4"),
        ("L0N128", "no neuron 128"),
        ("L7.mlp", "no layer 7"),
    ],
)
def test_what_the_model_does_not_have_is_said(name, found, tiny_model):
    with pytest.raises(TargetError, match=f"There is {found}"):
        check_component(tiny_model, Component.named(name))


@pytest.mark.parametrize("name", ["L1H3", "L1N127", "L1.mlp", "L1H3@5000-", "L0.attention@0-"])
def test_what_the_model_has_is_let_through(name, tiny_model):
    check_component(tiny_model, Component.named(name))


def test_a_mixture_of_experts_has_no_neurons(open_family):
    with pytest.raises(CapabilityError, match="no sum of them"):
        check_component(open_family("Mixtral"), Component.named("L0N0"))
