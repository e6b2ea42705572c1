"""What the nodes of an anatomy are, what they are called, and which parts of a pass they show."""

from dataclasses import dataclass
from enum import StrEnum

from llm_tt.tracing.parts import Part


class NodeKind(StrEnum):
    """In the order in which information passes through a block."""

    INPUT = "input"
    """The state that enters the first layer shown."""
    NORM_ATTENTION = "norm_attention"
    """That state behind the norm in front of attention."""
    QUERY = "query"
    """What one head looks for."""
    KEY = "key"
    """What one earlier position offers to a head."""
    VALUE = "value"
    """The message from there, as the head writes it."""
    OTHER_KEYS = "others_keys"
    """All other messages of a head together."""
    HEAD = "head"
    OTHER_HEADS = "others_heads"
    OUTPUT_NEURON = "output_neuron"
    """One number of a head's mixed values, times its row of the output matrix."""
    OTHER_OUTPUTS = "others_outputs"
    ATTENTION_BIAS = "attention_bias"
    ATTENTION = "attention"
    """All that attention adds."""
    MID = "mid"
    """The state between attention and MLP; not in parallel blocks."""
    NORM_MLP = "norm_mlp"
    NEURON_IN = "neuron_in"
    """What a neuron of the MLP responds to."""
    NEURON = "neuron"
    """What it writes."""
    OTHER_NEURONS = "others_neurons"
    MLP_BIAS = "mlp_bias"
    MLP = "mlp"
    OUTPUT = "output"
    """The state that leaves the layer; the input of the next one."""


class Reading(StrEnum):
    """How a node's vector is read as tokens."""

    STATE = "state"
    """A state, by the logit lens: what it would predict."""
    WRITTEN = "written"
    """What is written into the stream: changes of the logits, with the final norm held constant."""
    LOOKED_FOR = "looked for"
    """A query, through the QK circuit: the scores that tokens would get as keys."""
    LOOKED_FOR_BY = "looked for by"
    """A key, through the QK circuit: the scores that tokens would give as queries, without the biases."""
    EXCITED_BY = "excited by"
    """What a neuron reads: what each token alone would bring its activation function, without the bias, if
    the norm in front divided it as it divides tokens on average."""


READING_OF = {
    **dict.fromkeys(NodeKind, Reading.WRITTEN),
    **dict.fromkeys(
        (NodeKind.INPUT, NodeKind.NORM_ATTENTION, NodeKind.MID, NodeKind.NORM_MLP, NodeKind.OUTPUT),
        Reading.STATE,
    ),
    NodeKind.QUERY: Reading.LOOKED_FOR,
    NodeKind.KEY: Reading.LOOKED_FOR_BY,
    NodeKind.NEURON_IN: Reading.EXCITED_BY,
}
"""How each kind is read."""

MEETS_TOKENS = frozenset({Reading.LOOKED_FOR, Reading.LOOKED_FOR_BY, Reading.EXCITED_BY})
"""Readings of directions along which the stream is read: held against tokens as they enter it."""

OTHERS = frozenset(
    {NodeKind.OTHER_KEYS, NodeKind.OTHER_HEADS, NodeKind.OTHER_OUTPUTS, NodeKind.OTHER_NEURONS}
)
"""Kinds that stand for all parts without a node of their own, so that sums close."""

NONE = -1
"""In columns of heads, keys and neurons: the node has none."""

_NAMES = {
    NodeKind.INPUT: "L{before}.post",
    NodeKind.NORM_ATTENTION: "L{layer}.norm1",
    NodeKind.QUERY: "L{layer}H{head}.query",
    NodeKind.KEY: "L{layer}H{head}.key",
    NodeKind.VALUE: "L{layer}H{head}.value",
    NodeKind.OTHER_KEYS: "L{layer}H{head}.others",
    NodeKind.HEAD: "L{layer}H{head}",
    NodeKind.OTHER_HEADS: "L{layer}.heads.others",
    NodeKind.OUTPUT_NEURON: "L{layer}H{head}D{neuron}",
    NodeKind.OTHER_OUTPUTS: "L{layer}.outputs.others",
    NodeKind.ATTENTION_BIAS: "L{layer}.attention.bias",
    NodeKind.ATTENTION: "L{layer}.attention",
    NodeKind.MID: "L{layer}.mid",
    NodeKind.NORM_MLP: "L{layer}.norm2",
    NodeKind.NEURON_IN: "L{layer}N{neuron}.in",
    NodeKind.NEURON: "L{layer}N{neuron}",
    NodeKind.OTHER_NEURONS: "L{layer}.neurons.others",
    NodeKind.MLP_BIAS: "L{layer}.mlp.bias",
    NodeKind.MLP: "L{layer}.mlp",
    NodeKind.OUTPUT: "L{layer}.post",
}


@dataclass(frozen=True, slots=True)
class AnatomyNode:
    """What a node is; a plain value."""

    kind: NodeKind
    layer: int
    position: int
    head: int = NONE
    key: int = NONE
    neuron: int = NONE
    """In an MLP, or the dimension within a head of an output neuron."""

    @property
    def name(self) -> str:
        """Unique in a pass; that of the part, where there is such a part: L2H1@13, L2.post@13."""
        if self.kind is NodeKind.INPUT and self.layer == 0:
            return f"embed@{self.position}"
        title = _NAMES[self.kind].format(
            layer=self.layer, before=self.layer - 1, head=self.head, neuron=self.neuron
        )
        return f"{title}@{self.position}" if self.key == NONE else f"{title}@{self.key}-{self.position}"

    @property
    def part(self) -> Part | None:
        """The part of a pass whose card tells more; keys and values belong to a message."""
        layer, position = self.layer, self.position
        match self.kind:
            case NodeKind.INPUT if layer == 0:
                return Part("state", -1, position, stage="embed")
            case NodeKind.INPUT:
                return Part("state", layer - 1, position, stage="post")
            case NodeKind.MID:
                return Part("state", layer, position, stage="mid")
            case NodeKind.OUTPUT:
                return Part("state", layer, position, stage="post")
            case NodeKind.KEY | NodeKind.VALUE:
                return Part("message", layer, position, head=self.head, key=self.key)
            case NodeKind.HEAD:
                return Part("head", layer, position, head=self.head)
            case NodeKind.NEURON_IN | NodeKind.NEURON:
                return Part("neuron", layer, position, neuron=self.neuron)
            case NodeKind.MLP:
                return Part("mlp", layer, position)
            case _:
                return None
