"""From one prompt to its rows: run it, attribute its target by each method, cut the graph, measure it."""

from collections.abc import Sequence

import pyarrow as pa
import torch

from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.methods import Method, attribute
from llm_tt.attribution.target import Target, resolve_target, token_id_of
from llm_tt.batch.component_rows import (
    Columns,
    ComponentTotals,
    edge_rows,
    head_rows,
    mlp_rows,
    neuron_rows,
)
from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.relations import KeyRelations
from llm_tt.batch.schema import SCHEMA
from llm_tt.batch.subject import positions_of_text
from llm_tt.errors import LlmTtError, TargetError
from llm_tt.faithfulness.check import cuttable, presence
from llm_tt.faithfulness.keep import strongest
from llm_tt.faithfulness.random_edges import random_graphs
from llm_tt.faithfulness.several_runs import run_together
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.forward import capture
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace


def measure_all(
    model: LanguageModel,
    entries: Sequence[Entry | BadEntry],
    options: BatchOptions | None = None,
    progress: Progress = silent,
) -> tuple[pa.Table, list[BadEntry]]:
    """The rows of some prompts, in their order, and those that could not be measured, with the reason.

    Prompts of one length are run one after the other, so that memory of the same size is used again.
    """
    options = options or BatchOptions()
    skipped = [entry for entry in entries if isinstance(entry, BadEntry)]
    measurable = [entry for entry in entries if isinstance(entry, Entry)]
    measured: dict[int, pa.Table] = {}
    by_length = sorted(range(len(measurable)), key=lambda place: len(measurable[place].prompt))
    for done, place in enumerate(by_length, 1):
        found = measure(model, measurable[place], options)
        if isinstance(found, BadEntry):
            skipped.append(found)
        else:
            measured[place] = found
        progress(done / len(measurable))
    if not measurable:
        progress(1.0)
    rows = pa.concat_tables([SCHEMA.empty_table(), *(measured[place] for place in sorted(measured))])
    return rows, sorted(skipped, key=lambda entry: entry.number)


def measure(model: LanguageModel, entry: Entry, options: BatchOptions) -> pa.Table | BadEntry:
    """The rows of one prompt; what keeps it from being measured is a reason and no end of the work."""
    try:
        trace = capture(model, entry.prompt)
        target = _target_of(model, trace, entry, options)
        about = _about_prompt(model, trace, target, entry)
        tables = [_rows_of(model, trace, target, entry, method, about, options) for method in options.methods]
    except LlmTtError as problem:
        return BadEntry(entry.number, f"{problem.found} {problem.remedy}")
    return pa.concat_tables(tables)


def _target_of(model: LanguageModel, trace: ForwardTrace, entry: Entry, options: BatchOptions) -> Target:
    if options.target == "answer" and entry.answer is None:
        raise _without(entry, of="answer")
    if options.contrast == "foil" and entry.foil is None:
        raise _without(entry, of="foil")
    explains_answer = entry.answer is not None and options.target != "prediction"
    wants_foil = options.contrast == "foil" or (options.contrast is None and explains_answer)
    return resolve_target(
        model,
        trace,
        token=entry.answer if explains_answer else None,
        contrast=entry.foil if wants_foil else None,
    )


def _about_prompt(
    model: LanguageModel, trace: ForwardTrace, target: Target, entry: Entry
) -> dict[str, object]:
    logits = trace.logits[target.position]
    predicted = int(logits.argmax())
    right = [token_id_of(model, token) for token in entry.accepted or (entry.answer,) if token is not None]
    return {
        "entry": entry.number,
        "group": entry.group,
        "prompt": entry.prompt,
        "n_tokens": len(trace.prompt),
        "answer": _token(model, entry.answer),
        "foil": _token(model, entry.foil),
        "predicted": _token(model, predicted),
        "predicted_probability": float(logits.softmax(-1)[predicted]),
        "is_right": predicted in right if right else None,
        "position": target.position,
        "target": _token(model, target.token_id),
        "contrast": _token(model, target.contrast_id),
        "metric": float(target.measure(logits)),
    }


def _rows_of(  # noqa: PLR0913 (one prompt's run, what is explained, and how)
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    entry: Entry,
    method: Method,
    about: dict[str, object],
    options: BatchOptions,
) -> pa.Table:
    shares = _attributed(model, trace, target, method, options)
    graph = build_graph(shares, target.position).prune(density=options.density)
    totals = ComponentTotals.of(shares, target.position)
    relations = _relations(model, trace, target, entry)
    told = about | {"method": method, "density": graph.density, "n_edges": graph.n_edges}
    told |= _faithfulness(model, trace, target, graph, options) if options.measure else {}
    kinds = {
        "head": head_rows(totals, trace, relations),
        "mlp": mlp_rows(totals),
        "neuron": neuron_rows(model, trace, shares, totals, options),
        "edge": edge_rows(graph, totals, relations, options),
    }
    found = [_table(told | {"kind": kind}, columns) for kind, columns in kinds.items() if columns is not None]
    return pa.concat_tables(found)


def _attributed(
    model: LanguageModel, trace: ForwardTrace, target: Target, method: Method, options: BatchOptions
) -> EdgeContributions:
    if method == "ifr":
        return attribute(model, trace, method)
    return attribute(
        model,
        trace,
        method,
        target_position=target.position,
        target_token=target.token_id,
        contrast_token=target.contrast_id,
        baseline=options.baseline,
    )


def _relations(model: LanguageModel, trace: ForwardTrace, target: Target, entry: Entry) -> KeyRelations:
    prompt = trace.prompt
    return KeyRelations.of(
        prompt.token_ids,
        target.position,
        answer=target.token_id if entry.answer is None else token_id_of(model, entry.answer),
        foil=target.contrast_id if entry.foil is None else token_id_of(model, entry.foil),
        subject=() if entry.subject is None else positions_of_text(prompt, entry.subject),
    )


def _faithfulness(
    model: LanguageModel, trace: ForwardTrace, target: Target, graph: FlowGraph, options: BatchOptions
) -> dict[str, object]:
    """The graph alone, and a random one of its size, in one batch."""
    if graph.n_edges == 0:
        return {}
    kept = presence(graph)
    runs = [
        strongest(kept, torch.ones(1)),
        random_graphs(kept, graph.target_position, [cuttable(graph)], seed=0),
    ]
    compared = baseline_of(model, options.baseline)
    _, ((alone,), (chance,)) = run_together(model, trace, target, runs, compared, "recomputed")
    return {"retained": alone.retained, "retained_by_chance": chance.retained}


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


def _token(model: LanguageModel, token: str | int | None) -> str | None:
    if token is None:
        return None
    (string,) = model.token_strings([token_id_of(model, token)])
    return string


def _without(entry: Entry, *, of: str) -> TargetError:
    return TargetError(
        asked=f"Explain the {of} of entry {entry.number}.",
        found=f"It has no {of}.",
        remedy="Write one into the file, or explain the model's own prediction.",
    )
