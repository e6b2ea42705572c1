"""One to three layers at one position, down to single neurons: what flows where, and how each part reads.

`building` goes through the layers: `attention_block` and `mlp_block` add nodes and edges to a draft
(`drafting`). `layer_heads` weighs every message and output neuron without building it; `measures` says
which are strongest, and the rest is one node. `circuit_directions` turns queries and keys into directions
of the stream, `meetings` says how tokens meet them. `readings` reads all vectors of a kind at once,
whatever their layer.

- Edges weigh what their route writes, on all of its edges: a query writes nothing, so its edges carry what
  its head writes. One unit holds everywhere, and contributions flow. (VISIT's widths mix lengths, attention
  and constants.)
- Contributions are direct: they need no backward pass and add up to the logit. What later layers make of a
  part is what the Flow page shows, and what cutting measures.
- Queries and keys are read on the input side, against tokens as they enter the stream, behind the norm;
  what is written is read on the output side. Only where a model ties both is that the same matrix.
- A node's name is the part's name where there is such a part, so that pages share a selection; a message
  stands for its value, and its key only when that was clicked.
"""

from llm_tt.anatomy.building import flow as flow
from llm_tt.anatomy.model_overview import model_overview as overview
from llm_tt.anatomy.norm_effect import norm_effect as effect_of_norm
from llm_tt.anatomy.steady_neurons import steady_neurons as always_active

__all__ = ["always_active", "effect_of_norm", "flow", "overview"]
