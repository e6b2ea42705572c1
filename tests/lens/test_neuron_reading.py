"""A neuron's tokens: the strongest products of embedding and direction, whatever the blocks."""

import pytest
import torch

import llm_tt
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens import token_products
from llm_tt.lens.neuron_reading import neuron_input_tokens
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "Gemma 2", "BLOOM", "GPT-J"])
@pytest.mark.parametrize("rows", [10**6, 7])
def test_the_strongest_products(family, rows, open_family, monkeypatch):
    model = open_family(family)
    monkeypatch.setattr(token_products, "NUMBERS_AT_ONCE", rows * model.dimensions.d_model)
    found = neuron_input_tokens(model, 1, 11, 4)
    inputs = model.neuron_inputs(1)
    assert (found.factor is None) is (inputs.factor is None)
    for tokens, directions in ((found.activated, inputs.activated), (found.factor, inputs.factor)):
        if tokens is None:
            continue
        products = model.embedding() @ directions[11]
        order = products.argsort(descending=True)
        assert tokens.excites.token_ids == tuple(order[:4].tolist())
        assert tokens.inhibits.token_ids == tuple(order.flip(0)[:4].tolist())
        assert tokens.excites.token_strings == model.token_strings(tokens.excites.token_ids)
        assert tokens.inhibits.changes == pytest.approx(products[order.flip(0)[:4]].tolist(), rel=1e-4)


def test_a_token_that_excites_raises_what_the_neuron_gets(open_family):
    """In the first layer of a model without positions in its stream, with attention taken away."""
    model = open_family("Llama")
    found = neuron_input_tokens(model, 0, 5, 3).activated
    got = []

    def run(token_id: int) -> float:
        hooks = [
            Hook(Site.ATTENTION_OUT, 0, torch.zeros_like),
            Hook(Site.NEURON_INPUTS, 0, lambda tensor: got.append(float(tensor[0, 0, 5]))),
        ]
        with torch.no_grad():
            model.run([token_id], hooks)
        return got.pop()

    assert min(map(run, found.excites.token_ids)) > 0 > max(map(run, found.inhibits.token_ids))


def test_what_is_not_there_is_said(tiny_model, open_family):
    with pytest.raises(TargetError, match="no layer 2"):
        neuron_input_tokens(tiny_model, 2, 0)
    with pytest.raises(TargetError, match="no neuron 128"):
        neuron_input_tokens(tiny_model, 0, 128)
    with pytest.raises(CapabilityError, match="not available"):
        neuron_input_tokens(open_family("Mixtral"), 0, 0)


def test_ten_unless_told(tiny_model):
    assert len(neuron_input_tokens(tiny_model, 0, 0).activated.excites.token_ids) == 10
    assert isinstance(tiny_model, llm_tt.LanguageModel)
