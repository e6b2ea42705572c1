"""The sizes of a model, read once from its configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelDimensions:
    """How big a model is; enough to estimate the memory of a run before anything runs."""

    n_layers: int
    n_heads: int
    n_kv_heads: int
    """Fewer than `n_heads` when groups of heads share keys and values."""
    d_model: int
    d_head: int
    d_mlp: int
    """Neurons of one MLP; 0 where single neurons are not available."""
    d_vocab: int
    n_context: int | None
    """The longest prompt, in tokens; None for models without a fixed limit (ALiBi)."""
    parallel_blocks: bool
    """Attention and MLP read the same state and are added together: there is no state between them."""
    mixture_of_experts: bool
    """Some MLP routes each position through a few experts of many."""
