"""What neurons read and what tokens bring, held against what flows in a run, in every family."""

import pytest
import torch

import llm_tt
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.families.registry import FAMILIES

TEXT = "Parts, as é."
WITH_NEURONS = [family for family in FAMILIES if not family.switched_off]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
every_family_with_neurons = pytest.mark.parametrize("family", WITH_NEURONS, ids=lambda family: family.name)


@torch.no_grad()
def seen(model, token_ids, sites, layer):
    """What flows at some places [pos width]; OPT's norms see all positions of a batch as one axis."""
    found = {}

    def keep(site):
        def copy(tensor):
            found[site] = tensor.detach().clone().reshape(len(token_ids), -1)

        return copy

    hooks = [Hook(site, layer, keep(site)) for site in sites if model.has_site(site)]
    model.run(token_ids, hooks)
    return found


def largest_error(model, text):
    sites = (Site.NEURON_INPUTS, Site.NEURON_FACTORS, Site.MLP_NORM, Site.ATTENTION_NORM)
    trace, errors = llm_tt.capture(model, text), []
    for layer in range(trace.n_layers):
        found = seen(model, trace.prompt.token_ids, sites, layer)
        # One norm serves attention and MLP in some parallel blocks.
        divisor = found.get(Site.MLP_NORM, found.get(Site.ATTENTION_NORM, 1.0))
        state = (trace.resid_pre if trace.resid_mid is None else trace.resid_mid)[layer]
        inputs = model.neuron_inputs(layer)
        assert (inputs.factor is None) is (Site.NEURON_FACTORS not in found)
        for directions, site in (
            (inputs.activated, Site.NEURON_INPUTS),
            (inputs.factor, Site.NEURON_FACTORS),
        ):
            if directions is None:
                continue
            constant = found[site] - state @ directions.T / divisor
            errors.append(float((constant - constant[0]).abs().max() / found[site].abs().max()))
    return max(errors)


@every_family_with_neurons
def test_directions_and_a_constant_are_what_neurons_get(family, open_family):
    assert largest_error(open_family(family.name), TEXT) < 1e-5


@every_family_with_neurons
def test_in_double_precision_exactly(family, open_double):
    assert largest_error(open_double(family.name), TEXT) < 1e-12


def test_a_mixture_of_experts_has_none(open_family):
    assert open_family("Mixtral").neuron_inputs(0) is None


@every_family
def test_tokens_enter_the_stream_as_the_embedding_says(family, open_double):
    """Apart from positions, which are the same for every token: two prompts differ by their tokens."""
    model = open_double(family.name)
    first, second = (5, 90, 2, 7), (17, 40, 255, 3)
    streams = [seen(model, token_ids, [Site.RESID_PRE], 0)[Site.RESID_PRE] for token_ids in (first, second)]
    embedding = model.embedding()
    assert embedding.shape == (model.dimensions.d_vocab, model.dimensions.d_model)
    difference = embedding[list(first)] - embedding[list(second)]
    error = (streams[0] - streams[1] - difference).abs().max() / difference.abs().max()
    assert float(error) < 1e-12
    if family.name not in ("GPT-2", "GPT-Neo", "OPT"):  # without positions in the stream
        assert float((streams[0] - embedding[list(first)]).abs().max()) < 1e-12


@pytest.mark.parametrize("family", ["GPT-2", "Gemma", "BLOOM"])
def test_some_tokens_are_those_rows(family, open_family):
    model = open_family(family)
    whole = model.embedding()
    assert torch.equal(model.embedding([7, 3, 3]), whole[[7, 3, 3]])
    assert torch.equal(model.embedding(range(5, 9)), whole[5:9])


def test_nothing_is_copied_without_need(tiny_model):
    weight = tiny_model._bridge.embed.weight
    assert tiny_model.embedding().data_ptr() == weight.data_ptr()
    assert tiny_model.embedding(range(5, 9)).data_ptr() == weight[5].data_ptr()
