"""Hook points into a model, and the models that must stay closed."""

import copy

import pytest
import torch
from transformers import (
    BertConfig,
    BertLMHeadModel,
    DynamicCache,
    GPT2Config,
    GPT2LMHeadModel,
    MambaConfig,
    MambaForCausalLM,
)

import llm_tt
from llm_tt.errors import UnsupportedModelError
from llm_tt.model import wrapping
from llm_tt.model.check_up import Capability, CheckUpError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.families.registry import D_VOCAB, FAMILIES, build


def test_a_tokenizer_of_another_model(byte_tokenizer):
    tokenizer = copy.deepcopy(byte_tokenizer)
    tokenizer.add_tokens([f"<extra {i}>" for i in range(D_VOCAB)])
    with pytest.raises(UnsupportedModelError, match=f"only knows {D_VOCAB} tokens"):
        llm_tt.load_model(build(FAMILIES[0]), tokenizer)


def test_an_encoder_in_disguise_fails_its_check_up(byte_tokenizer):
    """Transformers opens BERT as a language model; it reads both ways, so its graphs would be nonsense."""
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, vocab_size=D_VOCAB
    )
    bert = BertLMHeadModel(config)
    with torch.no_grad():
        for parameter in bert.parameters():
            parameter.normal_(0, 0.25)
    with pytest.raises(CheckUpError, match="do not depend on later tokens"):
        llm_tt.load_model(bert, byte_tokenizer)


def test_a_model_without_attention(byte_tokenizer):
    config = MambaConfig(hidden_size=32, num_hidden_layers=2, vocab_size=D_VOCAB, state_size=4)
    with pytest.raises(UnsupportedModelError, match="without attention"):
        llm_tt.load_model(MambaForCausalLM(config), byte_tokenizer)


def test_a_model_that_fails_a_must_have_stays_closed(byte_tokenizer, monkeypatch):
    predict = wrapping._predict
    monkeypatch.setattr(wrapping, "_predict", lambda plain, token_ids: predict(plain, token_ids) * 1.01)
    with pytest.raises(CheckUpError, match=r"plain Hugging Face model's.*stays closed") as caught:
        llm_tt.load_model("untrained")
    assert {finding.capability for finding in caught.value.check_up.switched_off} == {Capability.LOGITS}


def test_a_quantised_model_in_memory(byte_tokenizer):
    plain = build(FAMILIES[0])
    plain.hf_quantizer = object()
    with pytest.raises(UnsupportedModelError, match="quantised"):
        llm_tt.load_model(plain, byte_tokenizer)


def test_an_adapter_of_transformer_lens_that_breaks_is_an_error_of_ours(byte_tokenizer, monkeypatch):
    def fail(*_, **__):
        return [][0]

    monkeypatch.setattr(wrapping, "build_bridge_from_module", fail)
    with pytest.raises(UnsupportedModelError, match="list index out of range") as caught:
        llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer)
    assert isinstance(caught.value.__context__, IndexError)


@pytest.mark.parametrize("name", ["GPT-2", "Phi-3", "Llama"])
def test_a_run_leaves_no_tensors_on_the_model(name, open_family):
    model = open_family(name)
    with torch.no_grad():
        model.run(range(50))
    weights = {id(weight) for weight in [*model._bridge.parameters(), *model._bridge.buffers()]}
    left = [
        (type(module).__name__, attribute)
        for module in model._bridge.modules()
        for attribute, value in vars(module).items()
        if isinstance(value, torch.Tensor) and id(value) not in weights and 50 in value.shape
    ]
    assert left == []


def test_a_context_shorter_than_the_probe(byte_tokenizer):
    config = GPT2Config(n_embd=32, n_layer=2, n_head=4, vocab_size=D_VOCAB, n_positions=16)
    model = llm_tt.load_model(GPT2LMHeadModel(config), byte_tokenizer)
    assert model.self_test.switched_off == ()


def test_a_norm_without_a_weight_can_be_held_constant(open_family):
    """OLMo's norms have none, and TransformerLens multiplies by one as soon as a scale is edited."""
    model = open_family("OLMo")
    hooks = [Hook(Site.ATTENTION_NORM, layer, torch.Tensor.clone) for layer in range(2)]
    with torch.no_grad():
        torch.testing.assert_close(model.run([1, 2, 3], hooks), model.run([1, 2, 3]), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", ["past_key_values", "layer_past", "cache"])
def test_what_is_kept_reaches_transformer_lens_by_every_name(name, byte_tokenizer):
    """Transformers has called it all of these; TransformerLens looks for the first two."""
    model = llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer)
    attention = model._bridge.blocks[1].attn
    kept = DynamicCache()
    new = torch.ones(1, 4, 1, 8)
    for n_kept in (1, 2):
        keys, values = attention._update_kv_cache(new, 2 * new, **{name: kept})
        assert keys.shape[-2] == values.shape[-2] == n_kept
    keys, _ = attention._update_kv_cache(new, 2 * new)
    assert torch.equal(keys, new)
