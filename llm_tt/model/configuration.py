"""What a model's configuration says about it, before any weight is read."""

from typing import Any

CONTEXT_FIELDS = ("n_positions", "max_position_embeddings", "max_seq_len", "seq_length", "n_ctx")


def context_length(config: Any) -> int | None:
    """The longest prompt in tokens, or None where positions have no limit (ALiBi)."""
    if getattr(config, "alibi", False) or config.model_type in ("bloom", "mpt"):
        return None
    for field in CONTEXT_FIELDS:
        value = getattr(config, field, None)
        if value:
            return int(value)
    return None
