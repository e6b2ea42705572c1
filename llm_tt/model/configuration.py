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
