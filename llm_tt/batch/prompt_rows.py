"""All rows of one prompt under one method, as a table of the schema."""

import pyarrow as pa

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.target import Target
from llm_tt.batch.asked import EntryInTokens
from llm_tt.batch.component_rows import (
    Columns,
    ComponentTotals,
    edge_rows,
    head_rows,
    mlp_rows,
    neuron_rows,
)
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.schema import SCHEMA
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

Retained = dict[str, object]
"""How much the graph keeps, and a random one; empty where it was not measured."""


def prompt_rows(  # noqa: PLR0913 (one prompt's run, what is explained, and what came out)
    model: LanguageModel,
    asked: EntryInTokens,
    trace: ForwardTrace,
    target: Target,
    shares: EdgeContributions,
    graph: FlowGraph,
    retained: Retained,
    options: BatchOptions,
) -> pa.Table:
    """Heads, MLPs, the strongest neurons, the strongest messages of the graph."""
    totals = ComponentTotals.of(shares, target.position)
    relations = asked.relations(target)
    told = _about_prompt(model, asked, trace, target) | retained
    told |= {"method": shares.method, "density": graph.density, "n_edges": graph.n_edges}
    kinds = {
        "head": head_rows(totals, trace, relations),
        "mlp": mlp_rows(totals),
        "neuron": neuron_rows(model, trace, shares, totals, options),
        "edge": edge_rows(graph, totals, relations, options),
    }
    found = [_table(told | {"kind": kind}, columns) for kind, columns in kinds.items() if columns is not None]
    return pa.concat_tables(found)


def _about_prompt(
    model: LanguageModel, asked: EntryInTokens, trace: ForwardTrace, target: Target
) -> dict[str, object]:
    logits = trace.logits[target.position]
    predicted = int(logits.argmax())
    return {
        "entry": asked.entry.number,
        "group": asked.entry.group,
        "prompt": asked.entry.prompt,
        "n_tokens": len(trace.prompt),
        "answer": _token(model, asked.answer),
        "foil": _token(model, asked.foil),
        "predicted": _token(model, predicted),
        "predicted_probability": float(logits.softmax(-1)[predicted]),
        "is_right": predicted in asked.right if asked.right else None,
        "position": target.position,
        "target": _token(model, target.token_id),
        "contrast": _token(model, target.contrast_id),
        "metric": float(target.measure(logits)),
    }


def _table(told: dict[str, object], columns: Columns) -> pa.Table:
    """Columns in the schema's types; what they have not is the prompt's, or null."""
    n_rows = len(columns["component"])
    arrays = []
    for field in SCHEMA:
        if field.name in columns:
            arrays.append(pa.array(columns[field.name], from_pandas=True).cast(field.type, safe=False))
        else:
            arrays.append(pa.repeat(pa.scalar(told.get(field.name), field.type), n_rows))
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _token(model: LanguageModel, token_id: int | None) -> str | None:
    if token_id is None:
        return None
    (string,) = model.token_strings([token_id])
    return string
