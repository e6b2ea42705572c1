"""Context lengths, under the names that families give them."""

import pytest
from transformers import AutoConfig

from llm_tt.model.configuration import (
    configured_end_tokens,
    context_length,
    embedding_factor,
    expert_width,
    logit_cap,
    logit_factor,
)


@pytest.mark.parametrize(
    ("model_type", "settings", "expected"),
    [
        ("gpt2", {"n_positions": 64}, 64),
        ("llama", {"max_position_embeddings": 96}, 96),
        ("bloom", {}, None),
        ("mpt", {"max_seq_len": 128}, None),
        ("falcon", {"alibi": True}, None),
        ("falcon", {"alibi": False, "max_position_embeddings": 70}, 70),
    ],
)
def test_the_longest_prompt(model_type, settings, expected):
    assert context_length(AutoConfig.for_model(model_type, **settings)) == expected


def test_how_logits_are_scaled():
    assert logit_factor(AutoConfig.for_model("cohere", logit_scale=0.25)) == 0.25
    assert logit_factor(AutoConfig.for_model("granite", logits_scaling=4.0)) == 0.25
    assert logit_factor(AutoConfig.for_model("mpt", logit_scale=0.5)) == 1.0  # nothing reads it there
    assert logit_cap(AutoConfig.for_model("gemma2")) == 30.0
    assert logit_cap(AutoConfig.for_model("llama")) is None


def test_how_wide_all_experts_are():
    assert expert_width(AutoConfig.for_model("mixtral", num_local_experts=4, intermediate_size=48)) == 192
    assert expert_width(AutoConfig.for_model("qwen3_moe", num_experts=8, moe_intermediate_size=16)) == 128


@pytest.mark.parametrize(("configured", "expected"), [(5, {5}), ([5, 6], {5, 6}), (None, set()), (0, {0})])
def test_the_tokens_that_end_a_text(configured, expected):
    assert configured_end_tokens(AutoConfig.for_model("llama", eos_token_id=configured)) == expected


def test_what_embeddings_are_multiplied_by():
    assert embedding_factor(AutoConfig.for_model("granite", embedding_multiplier=6.0)) == 6.0
    assert embedding_factor(AutoConfig.for_model("gemma")) == 1.0  # Gemma's embedding module does it itself
