"""Sliders reach as far as a change makes sense, and always to where it stands."""

import pytest

import llm_tt
from llm_tt.app.strengths import range_of, usual_size
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer


@pytest.fixture(scope="module")
def trace(tiny_model):
    return llm_tt.capture(tiny_model, "The cat sat.")


def test_fixed_ranges(trace):
    off, scaled = range_of(Ablate.head(0, 0), trace), range_of(Scale.head(0, 0, 0.5), trace)
    assert (off.low, off.high) == (0.0, 1.0)
    assert scaled.low < 0 < 1 < scaled.high


def test_a_value_from_a_file_widens_its_range(trace):
    assert range_of(Scale.mlp(0, 40.0), trace).high == 40.0
    assert range_of(SetNeuron(0, 1, -1e6), trace).low == -1e6


def test_a_neuron_is_measured_by_its_own_activations(trace):
    strongest = float(trace.mlp_activations[1, :, 7].abs().max())
    edit = SetNeuron(1, 7, 0.0)
    assert usual_size(edit, trace) == pytest.approx(max(strongest, 0.1))
    assert range_of(edit, trace).high >= 3 * strongest


def test_steps_are_measured_by_the_states_that_they_are_added_to(trace):
    for edit in (Steer.tokens(1, 65, strength=0.0), Steer.neuron(1, 7, 0.0)):
        assert usual_size(edit, trace) == pytest.approx(float(trace.resid_post[1].norm(dim=-1).median()))


def test_what_is_not_in_this_model_still_has_a_range(trace):
    assert range_of(SetNeuron(50, 9999, 1.0), trace).high > 0
