"""The columns of a run over many prompts: one row a prompt, method and component.

What belongs to the prompt stands in each of its rows; parquet keeps repeated values once.
"""

from typing import Final, Literal

import pyarrow as pa

from llm_tt.batch.relations import RELATIONS

Kind = Literal["head", "mlp", "neuron", "edge"]

_OF_PROMPT: Final = [
    ("entry", pa.int32(), "number of the prompt in its file, from 1"),
    ("group", pa.string(), "as the file says; null where it says nothing"),
    ("prompt", pa.string(), "the text"),
    ("n_tokens", pa.int32(), "tokens of the prompt"),
    ("answer", pa.string(), "the right next token, as the file says"),
    ("foil", pa.string(), "a wrong one, as the file says"),
    ("predicted", pa.string(), "the token that the model finds most probable"),
    ("predicted_probability", pa.float32(), "its probability"),
    ("is_right", pa.bool_(), "whether that is the answer; null without one"),
    ("method", pa.string(), "ifr, relp, gradact or dla"),
    ("position", pa.int32(), "where the prediction stands that is explained"),
    ("target", pa.string(), "the token that is explained"),
    ("contrast", pa.string(), "the token that it is explained against"),
    ("metric", pa.float32(), "what is explained: a logit, or the difference of two"),
    ("density", pa.float32(), "share of the edges that the graph keeps"),
    ("n_edges", pa.int32(), "edges of the graph"),
    ("retained", pa.float32(), "share of the metric that the graph keeps when all else is cut; null where "
     "it was not measured, or there is nothing to keep"),
    ("retained_by_chance", pa.float32(), "the same for a random graph of that size"),
]  # fmt: skip

_OF_COMPONENT: Final = [
    ("kind", pa.string(), "head, mlp, neuron or edge (a message of a head that is in the graph)"),
    ("component", pa.string(), "L2H1, L2.mlp, L2N33, and of edges L2H1@1-13: from position 1 to 13"),
    ("layer", pa.int16(), "from 0"),
    ("head", pa.int16(), "of heads and edges"),
    ("neuron", pa.int32(), "of neurons"),
    ("key", pa.int32(), "of edges: the position that is read"),
    ("query", pa.int32(), "of edges: the position that reads"),
    ("relation", pa.string(), "of edges: what the key is to the query"),
    ("contribution", pa.float32(), "summed over positions, in the metric's unit; of ifr the flow through it"),
    ("share", pa.float32(), "its size, as a share of the sizes of all heads and MLPs; of ifr as well"),
    ("sign", pa.int8(), "1 towards the target, -1 away from it"),
    ("rank", pa.int32(), "among those of its kind in this prompt; 1 is the strongest"),
]

_OF_HEADS: Final = [
    *((f"attends_{name}", pa.float32(), f"attention to {words}, mean over the queries that have one")
      for name, words in RELATIONS.items()),
    *((f"chance_{name}", pa.float32(), f"what attention to all keys alike would give to {words}")
      for name, words in RELATIONS.items()),
]  # fmt: skip

COLUMNS: Final[dict[str, str]] = {name: about for name, _, about in [*_OF_PROMPT, *_OF_COMPONENT, *_OF_HEADS]}
"""What each column says."""

SCHEMA: Final = pa.schema(
    [pa.field(name, kind) for name, kind, _ in [*_OF_PROMPT, *_OF_COMPONENT, *_OF_HEADS]]
)

OF_PROMPT: Final = tuple(name for name, _, _ in _OF_PROMPT)
