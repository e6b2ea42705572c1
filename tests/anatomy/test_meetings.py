"""What queries, keys and neurons of a layer need to meet tokens."""

import pytest

from llm_tt.anatomy.meetings import Meetings
from llm_tt.anatomy.node_kinds import Reading
from llm_tt.anatomy.readings import TokenSide
from llm_tt.model.frozen_norm import FrozenNorm


@pytest.mark.parametrize("family", ["GPT-2", "Gemma 2", "OLMo 2", "GPT-J"])
def test_scores_are_those_of_the_model(family, open_family):
    model = open_family(family)
    inputs = model.head_inputs(1)
    meetings = Meetings.of_layer(model, 1, inputs)
    side, factor = meetings.of(Reading.LOOKED_FOR)
    assert meetings.of(Reading.LOOKED_FOR_BY) == (side, factor)
    assert (side.norm, side.cap, factor) == (inputs.norm, inputs.score_cap, inputs.score_scale)


@pytest.mark.parametrize("family", ["GPT-2", "OLMo 2"])
def test_neurons_meet_tokens_as_their_cards_do(family, open_family):
    model = open_family(family)
    side, factor = Meetings.of_layer(model, 1, None).of(Reading.EXCITED_BY)
    assert side.norm is None
    divisors = model.block_norms(1).mlp.divisor(model.embedding())
    assert factor == pytest.approx(1 / float(divisors.mean()), rel=1e-5)


def test_sides_that_do_the_same_have_one_name(open_family):
    model = open_family("GPT-2")
    names = {Meetings.of_layer(model, layer, model.head_inputs(layer)).score[0].name for layer in (0, 1)}
    assert len(names) == 1


def test_sides_that_differ_have_names_of_their_own():
    norms = [None, FrozenNorm(None, True, 1e-5), FrozenNorm(None, True, 1e-6), FrozenNorm(None, False, 1e-5)]
    names = {TokenSide(norm, cap).name for norm in norms for cap in (None, 50.0)}
    assert len(names) == 8
