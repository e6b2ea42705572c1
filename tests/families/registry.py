"""The decoder families that we promise to open, each as a tiny configuration.

Weights are random everywhere, biases and norm weights included: a zero bias would hide a bias that is
counted twice, a norm weight of one would hide a norm that is forgotten.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from llm_tt.model.check_up import Capability

D_MODEL, N_LAYERS, N_HEADS, D_MLP, D_VOCAB, N_CONTEXT = 32, 2, 4, 48, 300, 64

MODERN = {
    "hidden_size": D_MODEL,
    "num_hidden_layers": N_LAYERS,
    "num_attention_heads": N_HEADS,
    "intermediate_size": D_MLP,
    "vocab_size": D_VOCAB,
    "max_position_embeddings": N_CONTEXT,
    "pad_token_id": 0,
}
"""The names that most configurations of the last years share."""

GROUPED = {**MODERN, "num_key_value_heads": 2}

EXPERTS = frozenset({Capability.NEURONS})
"""A mixture of experts is one node: its neurons are switched off."""


@dataclass(frozen=True)
class Family:
    """One architecture and what we expect of it."""

    name: str
    model_type: str
    settings: dict[str, Any] = field(default_factory=dict)
    switched_off: frozenset[Capability] = frozenset()
    parallel: bool = False


FAMILIES = (
    Family(
        "GPT-2",
        "gpt2",
        {"n_embd": D_MODEL, "n_layer": 2, "n_head": 4, "vocab_size": D_VOCAB, "n_positions": N_CONTEXT},
    ),
    Family(
        "GPT-Neo",
        "gpt_neo",
        {
            "hidden_size": D_MODEL,
            "num_layers": 2,
            "num_heads": 4,
            "attention_types": [[["global", "local"], 1]],
            "window_size": 6,
            "vocab_size": D_VOCAB,
            "max_position_embeddings": N_CONTEXT,
        },
    ),
    Family(
        "GPT-J",
        "gptj",
        {
            "n_embd": D_MODEL,
            "n_layer": 2,
            "n_head": 4,
            "rotary_dim": 4,
            "vocab_size": D_VOCAB,
            "n_positions": N_CONTEXT,
            "tie_word_embeddings": False,
        },
        parallel=True,
    ),
    Family("GPT-NeoX", "gpt_neox", MODERN, parallel=True),
    Family("GPT-NeoX, sequential", "gpt_neox", {**MODERN, "use_parallel_residual": False}),
    Family(
        "OPT",
        "opt",
        {
            "hidden_size": D_MODEL,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "ffn_dim": D_MLP,
            "word_embed_proj_dim": D_MODEL,
            "vocab_size": D_VOCAB,
            "max_position_embeddings": N_CONTEXT,
        },
    ),
    Family("BLOOM", "bloom", {"hidden_size": D_MODEL, "n_layer": 2, "n_head": 4, "vocab_size": D_VOCAB}),
    Family("Llama", "llama", GROUPED),
    Family("Llama, with biases", "llama", {**GROUPED, "attention_bias": True, "mlp_bias": True}),
    Family("Mistral", "mistral", {**GROUPED, "sliding_window": 6}),
    Family("Mixtral", "mixtral", {**GROUPED, "num_local_experts": 4, "num_experts_per_tok": 2}, EXPERTS),
    Family("Qwen2", "qwen2", GROUPED),
    Family("Qwen3", "qwen3", {**GROUPED, "head_dim": 16}),
    Family("Phi-2", "phi", MODERN, parallel=True),
    Family("Phi-3", "phi3", GROUPED),
    Family("Gemma", "gemma", {**GROUPED, "head_dim": 8}),
    Family("Gemma 2", "gemma2", {**GROUPED, "head_dim": 8, "sliding_window": 6, "query_pre_attn_scalar": 8}),
    Family(
        "Gemma 3", "gemma3_text", {**GROUPED, "head_dim": 8, "sliding_window": 6, "query_pre_attn_scalar": 8}
    ),
    Family(
        "Falcon-7B",
        "falcon",
        {
            "hidden_size": D_MODEL,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "vocab_size": D_VOCAB,
            "multi_query": True,
            "parallel_attn": True,
            "new_decoder_architecture": False,
            "bias": True,
            "alibi": False,
        },
        parallel=True,
    ),
    Family("OLMo", "olmo", GROUPED),
    Family("OLMo 2", "olmo2", GROUPED),
    Family("StableLM", "stablelm", {**GROUPED, "use_qkv_bias": True}),
    Family("SmolLM3", "smollm3", GROUPED),
    Family("StarCoder2", "starcoder2", {**GROUPED, "use_bias": True}),
    Family(
        "MPT",
        "mpt",
        {"d_model": D_MODEL, "n_layers": 2, "n_heads": 4, "vocab_size": D_VOCAB, "logit_scale": 0.5},
    ),
    Family(
        "Granite",
        "granite",
        {
            **GROUPED,
            "residual_multiplier": 0.22,
            "attention_multiplier": 0.4,
            "embedding_multiplier": 6.0,
            "logits_scaling": 4.0,
        },
    ),
    Family("Cohere", "cohere", {**GROUPED, "logit_scale": 0.25}, parallel=True),
    Family("GLM-4", "glm4", {**GROUPED, "head_dim": 8, "attention_bias": True}),
)


def build(family: Family, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """A random Hugging Face model of this family, the same one every time."""
    config = AutoConfig.for_model(family.model_type, **family.settings)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").to(dtype).eval()
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            centre = 1.0 if "norm" in name.lower() or "ln_" in name else 0.0
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.copy_(centre + 0.25 * noise)
    return model
