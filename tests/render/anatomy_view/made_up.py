"""Made-up payloads of the anatomy picture: no model, and yet everything that one may send."""

import json
import math
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

PROMPT: Final = (
    "When", "·Mary", "·and", "·John", "·went", "·to", "·the", "·store", ",",
    "·John", "·gave", "·a", "·drink", "·to",
)  # fmt: skip
WORDS: Final = (
    "·Mary", "·John", "·pup", "·Dhaka", "·her", "·him", "·the", "·Europe", "·Eva", "·Tom", "·store",
    "·bottle", "·elf", "·light", "·krona", "·described", "olstoy", "·Julia", "·country", "·late", "·same",
    "·drink", "·milk", "<U+200B>", "⏎", ",", ".", "·unbelievably", "·a", "·it", "·them", "東京", "·Ärger",
    "ing", "·café",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What a made-up model has, and how much of it is shown."""

    layers: tuple[int, ...] = (2,)
    heads: int = 3
    keys: int = 3
    outputs: int = 5
    neurons: int = 8
    measure: str = "contribution"
    parallel: bool = False
    norms: bool = True
    own_norm_mlp: bool = True
    circuits: bool = True
    vocabulary: int = 3013
    seed: int = 0


@dataclass(slots=True)
class Drawing:
    """Nodes and edges while they are being made up."""

    shape: Shape
    random: Random
    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)

    def node(self, name: str, kind: str, layer: int, title: str, **more: Any) -> str:
        """A node with a reading; gives its name back."""
        name = name if "@" in name else f"{name}@13"
        self.nodes.append({"name": name, "kind": kind, "layer": layer, "title": title, **more})
        return name

    def edge(self, source: str | None, target: str | None, kind: str, part: str | None = None) -> None:
        """An edge, if both ends are there."""
        if source and target:
            self.edges.append({"source": source, "target": target, "kind": kind, "part": part})


def made_up_payload(shape: Shape | None = None, /, **changes: Any) -> bytes:
    """The bytes of a picture; `changes` are made to what the header says."""
    shape = shape or Shape()
    drawing = Drawing(shape, Random(shape.seed))
    state = None
    for layer in shape.layers:
        state = _layer(drawing, layer, state)
    _weigh(drawing)
    _read(drawing)
    header = {
        "run": f"run {shape}", "prompt": "prompt", "runLabel": None, "tokens": PROMPT, "position": 13,
        "layers": list(shape.layers), "parallel": shape.parallel, "vocabulary": shape.vocabulary,
        "target": "·Mary", "contrast": None, "targetLabel": "·Mary  99.8 %", "measure": shape.measure,
        "unit": "logits", "notes": ["Keys and values are read through the norm of their own position."],
        "nodes": _columns(drawing.nodes), "edges": _edge_columns(drawing),
    }  # fmt: skip
    return b"LTA1" + json.dumps(header | changes, ensure_ascii=False).encode()


def hostile(payload: bytes, token: str = "</script><b onclick=x>&amp;") -> bytes:
    """The same with tokens that would like to be markup."""
    header = json.loads(payload[4:])
    nodes = header["nodes"]
    nodes["promoted"] = [[token, *tokens[1:]] for tokens in nodes["promoted"]]
    header |= {
        "tokens": [token] * len(header["tokens"]),
        "target": token,
        "targetLabel": token,
        "notes": [token],
    }
    return b"LTA1" + json.dumps(header, ensure_ascii=False).encode()


def _layer(drawing: Drawing, layer: int, state: str | None) -> str:
    """One layer from the state that enters to the one that leaves."""
    shape = drawing.shape
    if state is None:
        before = "embed" if layer == 0 else f"L{layer - 1}.post"
        state = drawing.node(before, "input", layer, f"State that enters layer {layer}")
    normed = state
    if shape.norms:
        normed = drawing.node(
            f"L{layer}.norm1", "norm_attention", layer, "What attention reads, behind its norm"
        )
        drawing.edge(state, normed, "attention")
    attention = _attention(drawing, layer, normed)
    mid = state
    if not shape.parallel:
        mid = drawing.node(f"L{layer}.mid", "mid", layer, f"State after attention of layer {layer}")
        drawing.edge(attention, mid, "attention")
        drawing.edge(state, mid, "residual", f"L{layer}.mid.residual@13")
    mlp = _mlp(drawing, layer, normed if shape.parallel and not shape.own_norm_mlp else mid)
    output = drawing.node(f"L{layer}.post", "output", layer, f"State that leaves layer {layer}")
    if shape.parallel:
        drawing.edge(attention, output, "attention")
    drawing.edge(mlp, output, "mlp")
    drawing.edge(mid, output, "residual", f"L{layer}.post.residual@13")
    return output


def _attention(drawing: Drawing, layer: int, normed: str) -> str:
    shape, random = drawing.shape, drawing.random
    ends = [_head(drawing, layer, head, normed) for head in range(shape.heads)]
    others = drawing.node(
        f"L{layer}.heads.others", "others_heads", layer, "The other heads of this layer", count=9
    )
    drawing.edge(normed, others, "attention")
    outputs = []
    for number in range(shape.outputs):
        head = random.randrange(shape.heads) if number else 0
        dimension = 11 * number + 3
        outputs.append(
            drawing.node(
                f"L{layer}H{head}D{dimension}", "output_neuron", layer,
                f"Dimension {dimension} of head {head}", head=head, neuron=dimension,
            )
        )  # fmt: skip
        drawing.edge(ends[head], outputs[-1], "attention")
    if shape.outputs:
        rest = drawing.node(
            f"L{layer}.outputs.others", "others_outputs", layer, "All other output neurons of these heads",
            count=64 * shape.heads - shape.outputs,
        )  # fmt: skip
        for end in ends:
            drawing.edge(end, rest, "attention")
        outputs.append(rest)
    outputs.append(drawing.node(f"L{layer}.attention.bias", "attention_bias", layer, "Bias of attention"))
    attention = drawing.node(
        f"L{layer}.attention", "attention", layer, f"What attention of layer {layer} writes"
    )
    for end in [*outputs, others, *([] if shape.outputs else ends)]:
        drawing.edge(end, attention, "attention")
    return attention


def _head(drawing: Drawing, layer: int, head: int, normed: str) -> str:
    shape = drawing.shape
    query = None
    if shape.circuits:
        query = drawing.node(f"L{layer}H{head}.query", "query", layer, f"Query of head {head}", head=head)
        drawing.edge(normed, query, "attention")
    values = []
    for key in drawing.random.sample(range(14), shape.keys):
        about = {"head": head, "key": key, "coefficient": round(drawing.random.random(), 3)}
        at_key = None
        if shape.circuits:
            at_key = drawing.node(
                f"L{layer}H{head}.key@{key}-13", "key", layer, f"Key of head {head} at {PROMPT[key]}", **about
            )
            drawing.edge(query, at_key, "attention")
        values.append(
            drawing.node(
                f"L{layer}H{head}.value@{key}-13", "value", layer,
                f"Message of head {head} from {PROMPT[key]}", **about,
            )
        )  # fmt: skip
        drawing.edge(at_key, values[-1], "attention")
    others = drawing.node(
        f"L{layer}H{head}.others", "others_keys", layer, "The other keys of this head", head=head, count=11
    )
    drawing.edge(query, others, "attention")
    end = drawing.node(f"L{layer}H{head}", "head", layer, f"What head {head} writes", head=head)
    for value in [*values, others]:
        drawing.edge(value, end, "attention")
    return end


def _mlp(drawing: Drawing, layer: int, state: str) -> str:
    shape = drawing.shape
    normed = state
    if shape.norms and shape.own_norm_mlp:
        normed = drawing.node(f"L{layer}.norm2", "norm_mlp", layer, "What the MLP reads, behind its norm")
        drawing.edge(state, normed, "mlp")
    ends = []
    for neuron in drawing.random.sample(range(3072), shape.neurons):
        about = {"neuron": neuron, "coefficient": round(drawing.random.gauss(0, 2), 3)}
        reads = drawing.node(
            f"L{layer}N{neuron}.in", "neuron_in", layer, f"What neuron {neuron} reads", **about
        )
        ends.append(
            drawing.node(f"L{layer}N{neuron}", "neuron", layer, f"What neuron {neuron} writes", **about)
        )
        drawing.edge(normed, reads, "mlp")
        drawing.edge(reads, ends[-1], "mlp")
    mlp = f"L{layer}.mlp@13"
    if ends:
        count = 3072 - shape.neurons
        ends.append(
            drawing.node(
                f"L{layer}.neurons.others", "others_neurons", layer, "All other neurons", count=count
            )
        )
        drawing.edge(normed, ends[-1], "mlp")
        ends.append(drawing.node(f"L{layer}.mlp.bias", "mlp_bias", layer, "Bias of the MLP"))
    drawing.node(f"L{layer}.mlp", "mlp", layer, f"What the MLP of layer {layer} writes")
    for end in ends or [normed]:
        drawing.edge(end, mlp, "mlp")
    return mlp


def _weigh(drawing: Drawing) -> None:
    """From the end backwards, what leaves a node is shared among the edges that enter it."""
    random = drawing.random
    leaving: dict[str, float] = {drawing.nodes[-1]["name"]: 13.19}
    for node in reversed(drawing.nodes):
        entering = [edge for edge in drawing.edges if edge["target"] == node["name"]]
        node["contribution"] = leaving.get(node["name"], 0.0)
        shares = [random.paretovariate(0.8) * (-0.4 if random.random() < 0.25 else 1) for _ in entering]
        total = sum(shares)
        if abs(total) < 0.3 * sum(map(abs, shares)):
            shares = [abs(share) for share in shares]
            total = sum(shares)
        for edge, share in zip(entering, shares, strict=True):
            edge["contribution"] = node["contribution"] * share / total
            edge["norm"] = abs(edge["contribution"]) * random.uniform(0.5, 2)
            edge["attention"] = None
            leaving[edge["source"]] = leaving.get(edge["source"], 0.0) + edge["contribution"]
    kinds = {node["name"]: node for node in drawing.nodes}
    for edge in drawing.edges:
        ends = kinds[edge["source"]], kinds[edge["target"]]
        paid = next((end["coefficient"] for end in ends if end["kind"] in ("key", "value")), None)
        if paid is not None:
            edge["attention"] = paid


def _read(drawing: Drawing) -> None:
    """Tokens, ranks and entropies."""
    random, vocabulary = drawing.random, drawing.shape.vocabulary
    for node in drawing.nodes:
        is_state = node["kind"] in ("input", "mid", "output")
        tokens = random.sample(WORDS, 10)
        nothing = node["kind"].endswith("bias") and random.random() < 0.5
        scores = sorted((round(random.gauss(0, 1.5), 2) for _ in range(10)), reverse=True)
        rank = round(math.exp(random.random() * math.log(vocabulary / 2)))
        if random.random() < 0.4:
            rank = vocabulary + 1 - rank
        if rank == 1:
            tokens = ["·Mary", *[token for token in tokens if token != "·Mary"][:9]]
        node |= {
            "how": "as the logit lens reads it", "norm": abs(random.gauss(4, 2)),
            "promoted": [] if nothing else tokens[:5], "promotedBy": [] if nothing else scores[:5],
            "suppressed": [] if nothing else tokens[5:], "suppressedBy": [] if nothing else scores[:4:-1],
            "rank": None if nothing else rank, "probability": random.random() if is_state else None,
            "entropy": None if nothing else random.random() * math.log(vocabulary),
        }  # fmt: skip


def _columns(nodes: list[dict[str, Any]]) -> dict[str, list[Any]]:
    absent = {"head": -1, "key": -1, "neuron": -1, "count": 1, "coefficient": None}
    names = dict.fromkeys([*absent, *(name for node in nodes for name in node)])
    return {name: [node.get(name, absent.get(name)) for node in nodes] for name in names}


def _edge_columns(drawing: Drawing) -> dict[str, list[Any]]:
    index = {node["name"]: i for i, node in enumerate(drawing.nodes)}
    columns: dict[str, list[Any]] = {
        name: [edge[name] for edge in drawing.edges]
        for name in ("kind", "part", "contribution", "norm", "attention")
    }
    for end in ("source", "target"):
        columns[end] = [index[edge[end]] for edge in drawing.edges]
    return columns
