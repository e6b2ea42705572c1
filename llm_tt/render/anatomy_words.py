"""Nodes of an anatomy in words: what each is, how it was read, and what measures are called."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.measures import Measure
from llm_tt.anatomy.node_kinds import NONE, READING_OF, AnatomyNode, NodeKind, Reading
from llm_tt.render.number_words import percent_text, signed_text
from llm_tt.render.position_axis import position_name

MEASURE_NAMES: Final[dict[Measure, str]] = {
    "contribution": "To the target",
    "norm": "Length",
    "attention": "Attention",
}
"""As a switch says them."""

HOW: Final[dict[Reading, str]] = {
    Reading.STATE: "What this state would predict.",
    Reading.WRITTEN: "What it adds to the logits, final norm held constant.",
    Reading.LOOKED_FOR: "The keys that it looks for: scores that tokens alone would get.",
    Reading.LOOKED_FOR_BY: "The queries that look for it: scores that tokens alone would give, less biases.",
    Reading.EXCITED_BY: "Tokens that excite the neuron, and tokens that inhibit it.",
}
"""How nodes are read, each in one sentence."""


READ_AS: Final[dict[Reading, tuple[str, str, str]]] = {
    Reading.STATE: ("most likely", "least likely", "probability"),
    Reading.WRITTEN: ("promoted", "suppressed", "logit"),
    Reading.LOOKED_FOR: ("looked for", "avoided", "score"),
    Reading.LOOKED_FOR_BY: ("found by", "passed over by", "score"),
    Reading.EXCITED_BY: ("excite", "inhibit", "input"),
}
"""What the tokens at both ends are called, and what their numbers are."""


def numbers_in_words(graph: AnatomyGraph, place: int) -> str:
    """What passes through a node, in one line."""
    nodes = graph.nodes
    said = [
        f"{signed_text(nodes.contribution[place])} {unit_in_words(graph)} towards the target",
        f"length {nodes.norm[place]:.2f}",
    ]
    if not np.isnan(nodes.coefficient[place]):
        is_paid = nodes.what[place].kind in (NodeKind.KEY, NodeKind.VALUE, NodeKind.OTHER_KEYS)
        amount = nodes.coefficient[place]
        said.append(f"attention {percent_text(amount)}" if is_paid else f"activation {signed_text(amount)}")
    if nodes.rank[place]:
        said.append(f"target on rank {nodes.rank[place]:,}")
    if not np.isnan(nodes.entropy[place]):
        said.append(f"entropy {nodes.entropy[place]:.1f} nats")
    return ", ".join(said).replace("-", "\N{MINUS SIGN}")


def how_read(node: AnatomyNode) -> str:
    """How a node was read, in a sentence."""
    return HOW[READING_OF[node.kind]]


_SENTENCES: Final[dict[NodeKind, str]] = {
    NodeKind.INPUT: "State that enters layer {layer}",
    NodeKind.NORM_ATTENTION: "Behind the norm in front of attention of layer {layer}",
    NodeKind.QUERY: "Query of L{layer}H{head}",
    NodeKind.KEY: "Key of L{layer}H{head} at {there}",
    NodeKind.VALUE: "Value of L{layer}H{head} from {there}",
    NodeKind.OTHER_KEYS: "and {count:,} more {keys} that L{layer}H{head} attends to, together",
    NodeKind.HEAD: "All that L{layer}H{head} writes",
    NodeKind.OTHER_HEADS: "and {count:,} more {heads} of layer {layer}, together",
    NodeKind.OUTPUT_NEURON: "Output neuron {neuron} of L{layer}H{head}",
    NodeKind.OTHER_OUTPUTS: "and {count:,} more {outputs} of these heads, together",
    NodeKind.ATTENTION_BIAS: "What attention of layer {layer} adds that nothing sent: its bias",
    NodeKind.ATTENTION: "All that attention of layer {layer} adds",
    NodeKind.MID: "State between attention and MLP of layer {layer}",
    NodeKind.NORM_MLP: "Behind the norm in front of the MLP of layer {layer}",
    NodeKind.NEURON_IN: "What neuron L{layer}N{neuron} responds to",
    NodeKind.NEURON: "What neuron L{layer}N{neuron} writes",
    NodeKind.OTHER_NEURONS: "and {count:,} more {neurons} of layer {layer}, together",
    NodeKind.MLP_BIAS: "What the MLP of layer {layer} adds that nothing sent: its bias",
    NodeKind.MLP: "All that the MLP of layer {layer} adds",
    NodeKind.OUTPUT: "State that leaves layer {layer}",
}

_COUNTED: Final = {"keys": "position", "heads": "head", "outputs": "output neuron", "neurons": "neuron"}


def node_sentence(node: AnatomyNode, tokens: Sequence[str], count: int) -> str:
    """What a node is, in one line; tokens are in it as plain text."""
    if node.kind is NodeKind.INPUT and node.layer == 0:
        return "Embedding, as it enters layer 0"
    return _SENTENCES[node.kind].format(
        layer=node.layer,
        head=node.head,
        neuron=node.neuron,
        count=count,
        there="" if node.key == NONE else position_name(node.key, tokens[node.key]),
        **{name: word if count == 1 else f"{word}s" for name, word in _COUNTED.items()},
    )


def unit_in_words(graph: AnatomyGraph) -> str:
    """What contributions are counted in."""
    return "logits" if graph.target.contrast_id is None else "logits of difference"
