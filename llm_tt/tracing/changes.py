"""`Changes`: what an intervention did to a pass, beside what the trace's other tensors show of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from llm_tt.model.language_model import Hook


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Only changed layers have an entry; all others are as the model has them: factor 1, nothing outside."""

    hooks: Callable[[], list[Hook]]
    """Fresh hooks that make the same changes in another run of the same prompt, or of its beginning."""
    message_factor: Mapping[int, Float[Tensor, "head query key"]]
    """What each message was multiplied by."""
    attention_outside: Mapping[int, Float[Tensor, "pos d_model"]]
    """What attention adds that neither a head's own message nor the bias sent: baselines."""
    mlp_factor: Mapping[int, Float[Tensor, " pos"]]
    """What each MLP was multiplied by; it is in the trace's `mlp_scale` already."""
    mlp_outside: Mapping[int, Float[Tensor, "pos d_model"]]
    """What is added with the MLP that neither a neuron nor the bias sent: baselines and steering."""

    def in_words(self) -> tuple[str, ...]:
        """What was changed, a sentence each; nothing where nobody remembers."""
        return ()

    @property
    def n_bytes(self) -> int:
        """Memory that this holds; factors of whole heads are spread over the keys without a copy."""
        maps = (self.message_factor, self.attention_outside, self.mlp_factor, self.mlp_outside)
        return sum(tensor.untyped_storage().nbytes() for held in maps for tensor in held.values())
