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
    d_experts: int
    """Hidden width of all experts of one layer together; 0 without a mixture of experts."""
    attention_sinks: bool
    """Attention rows may sum to less than one: a learned sink takes the rest."""

    @property
    def mixture_of_experts(self) -> bool:
        """Some MLP routes each position through a few experts of many."""
        return self.d_experts > 0
