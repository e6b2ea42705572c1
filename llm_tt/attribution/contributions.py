"""`EdgeContributions`: one number for every edge of the information-flow graph, whatever the method."""

from dataclasses import dataclass, fields

from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.run_record import NO_RECORD, RunRecord
from llm_tt.attribution.target import Target, TargetGradients
from llm_tt.axes import EdgeWeights, PositionWeights
from llm_tt.model.prompt import Prompt


@dataclass(frozen=True, slots=True, eq=False)
class EdgeContributions:
    """What the parts of every sum in the model contributed to it, or through it to a target.

    A block adds twice: attention to `resid_mid`, the MLP to `resid_post`. Each sum has as parts the messages
    that come in (one for every head and key), the state before (the residual) and a bias that nobody sent.
    In parallel blocks there is one sum, `resid_post`, and everything enters it: the MLP's part is in `mlp`,
    all biases are in `attention_bias`, and the two fields that end in `| None` are None.

    Unsigned methods (`ifr`): shares of each sum; non-negative, and the parts of one sum add up to one.
    Signed methods: contributions to the target in its own unit (logits or nats). The parts of one sum add up
    to what the whole state contributes.
    """

    prompt: Prompt
    method: str
    attention: EdgeWeights
    """From the state at a key into the sum at a query, by one head; 0 where the key is in the future."""
    attention_residual: PositionWeights
    attention_bias: PositionWeights
    mlp: PositionWeights
    mlp_residual: PositionWeights | None
    mlp_bias: PositionWeights | None
    target: Target | None
    """What signed methods explain; None for methods that ask for no target."""
    gradients: TargetGradients | None
    """What signed methods multiplied the parts with; None for the others."""
    record: RunRecord = NO_RECORD
    """What the run said."""

    @property
    def is_signed(self) -> bool:
        """Whether contributions carry a sign and belong to one target."""
        return self.gradients is not None

    @property
    def n_bytes(self) -> int:
        """Memory that these numbers hold, the gradients included."""
        held = [getattr(self, field.name) for field in fields(self)]
        if self.gradients is not None:
            held += [self.gradients.pre, self.gradients.mid, self.gradients.post]
        return sum(value.nbytes for value in held if isinstance(value, Tensor))

    @property
    def has_parallel_blocks(self) -> bool:
        """Whether attention and MLP enter one sum."""
        return self.mlp_residual is None

    def heads_of_edge(self, layer: int, query: int, key: int) -> Float[Tensor, " head"]:
        """What each head sends from one position to another."""
        return self.attention[layer, :, query, key]

    def heads_of_node(self, layer: int, query: int) -> Float[Tensor, " head"]:
        """What each head sends to a position, from all keys together."""
        return self.attention[layer, :, query].sum(-1)
