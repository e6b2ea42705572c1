"""What a model's configuration says about it, before any weight is read."""

from transformers import PretrainedConfig

CONTEXT_FIELDS = ("n_positions", "max_position_embeddings", "max_seq_len", "seq_length", "n_ctx")


def context_length(config: PretrainedConfig) -> int | None:
    """The longest prompt in tokens, or None where positions have no limit (ALiBi)."""
    if getattr(config, "alibi", False) or config.model_type in ("bloom", "mpt"):
        return None
    for field in CONTEXT_FIELDS:
        value = getattr(config, field, None)
        if value:
            return int(value)
    return None


def layers_of(config: PretrainedConfig) -> int | None:
    """How many layers it says there are; None where a family says it in a way of its own."""
    number = getattr(config, "num_hidden_layers", None)
    return number if isinstance(number, int) else None


def embedding_factor(config: PretrainedConfig) -> float:
    """What a family multiplies its embeddings by, after its embedding module: the Granites do."""
    return float(getattr(config, "embedding_multiplier", None) or 1.0)


def logit_factor(config: PretrainedConfig) -> float:
    """What a family multiplies its unembedding by before anything else."""
    if config.model_type.startswith(
        "cohere"
    ):  # MPT's configuration has a logit_scale too, which nothing reads
        return float(config.logit_scale)
    return 1.0 / (getattr(config, "logits_scaling", None) or 1.0)  # the Granites


def logit_cap(config: PretrainedConfig) -> float | None:
    """The bound that Gemma 2 and its kin bend their logits under; None for everyone else."""
    return getattr(config, "final_logit_softcapping", None)


def configured_end_tokens(config: PretrainedConfig) -> frozenset[int]:
    """The tokens with which a text ends; chat models have several."""
    named = getattr(config, "eos_token_id", None)
    if isinstance(named, int):
        return frozenset({named})
    return frozenset(named or ())


def expert_width(config: PretrainedConfig) -> int:
    """Hidden width of all experts of one layer together, under the names that families give it."""
    n_experts = _first(config, "num_local_experts", "num_experts", "n_routed_experts") or 1
    return n_experts * (_first(config, "moe_intermediate_size", "intermediate_size", "ffn_dim") or 1)


def _first(config: PretrainedConfig, *names: str) -> int | None:
    return next((value for name in names if isinstance(value := getattr(config, name, None), int)), None)
