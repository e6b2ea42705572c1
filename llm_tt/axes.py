"""The axis words of the house: each tensor shape that crosses a floor has its name here.

layer       transformer block, from 0
pos         token position in the prompt, from 0
query, key  positions as an attention head sees them: it moves information from key to query
head        attention head of a layer; kv_head: a key/value head, shared by a group of heads
d_model     width of the residual stream; d_head: of one head; d_mlp: number of neurons of one MLP
d_vocab     number of tokens that the model can predict
"""

from jaxtyping import Float
from torch import Tensor

ResidualStream = Float[Tensor, "layer pos d_model"]
"""A state of every position, once per layer; there is never a batch axis."""

AttentionPattern = Float[Tensor, "layer head query key"]
"""How much of each key's value a head takes at each query; rows sum to one, or less with attention sinks."""

KeyValueHeads = Float[Tensor, "layer key kv_head d_head"]
"""Values as the model stores them, before a group of heads shares them; biases included."""

NeuronActivations = Float[Tensor, "layer pos d_mlp"]
"""What each neuron multiplies its output direction by; for gated MLPs act(gate) * up."""

PositionScale = Float[Tensor, "layer pos"]
"""One factor per position, constant over the width."""

Logits = Float[Tensor, "*position d_vocab"]
"""Scores over the vocabulary, as the model's own forward pass gives them."""

EdgeWeights = Float[Tensor, "layer head query key"]
"""One number for every message from a key to a query; 0 where the key is in the future."""

PositionWeights = Float[Tensor, "layer pos"]
"""One number for one part of every sum."""
