"""From prompts to their rows: run them, attribute targets by each method, cut the graphs, measure these.

Prompts of one length go together: one forward pass, one backward pass and one masked run for all of them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import pyarrow as pa
import torch

from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.methods import attribute_together
from llm_tt.attribution.target import Target
from llm_tt.batch.asked import EntryInTokens
from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.prompt_rows import Retained, prompt_rows
from llm_tt.batch.schema import SCHEMA
from llm_tt.errors import LlmTtError
from llm_tt.faithfulness.check import cuttable, presence
from llm_tt.faithfulness.keep import Keep, strongest
from llm_tt.faithfulness.random_edges import random_graphs
from llm_tt.faithfulness.several_runs import run_prompts_together
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.forward import capture_together
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace

PROMPTS_AT_ONCE: Final = 32
TOKENS_AT_ONCE: Final = 1024
"""Of all prompts that go together; longer ones use every core without company."""


def measure_all(
    model: LanguageModel,
    entries: Sequence[Entry | BadEntry],
    options: BatchOptions | None = None,
    progress: Progress = silent,
) -> tuple[pa.Table, list[BadEntry]]:
    """The rows of some prompts, in their order, and those that could not be measured, with the reason."""
    options = options or BatchOptions()
    measurable: list[EntryInTokens] = []
    skipped: list[BadEntry] = []
    for entry in entries:
        asked = _prepared(model, entry, options)
        (skipped if isinstance(asked, BadEntry) else measurable).append(asked)  # type: ignore[arg-type]
    measured: dict[int, pa.Table] = {}
    n_done = len(skipped)
    for group in _groups(measurable):
        for asked, found in zip(group, _measured(model, group, options), strict=True):
            if isinstance(found, BadEntry):
                skipped.append(found)
            else:
                measured[asked.entry.number] = found
        n_done += len(group)
        progress(n_done / len(entries))
    if not measurable:
        progress(1.0)
    rows = pa.concat_tables([SCHEMA.empty_table(), *(measured[number] for number in sorted(measured))])
    return rows, sorted(skipped, key=lambda entry: entry.number)


def _prepared(
    model: LanguageModel, entry: Entry | BadEntry, options: BatchOptions
) -> EntryInTokens | BadEntry:
    if isinstance(entry, BadEntry):
        return entry
    try:
        return EntryInTokens.of(model, entry, options)
    except LlmTtError as problem:
        return _reason(entry, problem)


def _groups(measurable: Sequence[EntryInTokens]) -> Iterator[list[EntryInTokens]]:
    """Prompts of one length, no more than go together."""
    by_length = sorted(measurable, key=lambda asked: len(asked.prompt))
    for length, same in groupby(by_length, key=lambda asked: len(asked.prompt)):
        listed = list(same)
        at_once = max(1, min(PROMPTS_AT_ONCE, TOKENS_AT_ONCE // length))
        for start in range(0, len(listed), at_once):
            yield listed[start : start + at_once]


def _measured(
    model: LanguageModel, group: Sequence[EntryInTokens], options: BatchOptions
) -> list[pa.Table | BadEntry]:
    """The rows of each. What keeps one from being measured is a reason, and keeps no other."""
    try:
        return list(_together(model, group, options))
    except LlmTtError as problem:
        if len(group) == 1:
            return [_reason(group[0].entry, problem)]
        return [found for asked in group for found in _measured(model, [asked], options)]


def _together(
    model: LanguageModel, group: Sequence[EntryInTokens], options: BatchOptions
) -> Iterator[pa.Table]:
    traces = capture_together(model, [asked.prompt for asked in group])
    targets = [asked.target(model, trace, options) for asked, trace in zip(group, traces, strict=True)]
    tables: list[list[pa.Table]] = [[] for _ in group]
    for method in options.methods:
        shares = attribute_together(model, traces, method, targets, baseline=options.baseline)
        graphs = [_graph(own, target, options) for own, target in zip(shares, targets, strict=True)]
        retained = _retained(model, traces, targets, graphs, options)
        for place, asked in enumerate(group):
            found = shares[place], graphs[place], retained[place]
            tables[place].append(prompt_rows(model, asked, traces[place], targets[place], *found, options))
    yield from map(pa.concat_tables, tables)


def _graph(shares: EdgeContributions, target: Target, options: BatchOptions) -> FlowGraph:
    return build_graph(shares, target.position).prune(density=options.density)


def _retained(
    model: LanguageModel,
    traces: Sequence[ForwardTrace],
    targets: Sequence[Target],
    graphs: Sequence[FlowGraph],
    options: BatchOptions,
) -> list[Retained]:
    """Each graph alone, and a random one of its size, all in one batch."""
    if not options.measure:
        return [{} for _ in graphs]
    compared = baseline_of(model, options.baseline)
    found = run_prompts_together(model, traces, targets, [_runs(graph) for graph in graphs], compared)
    return [
        {} if graph.n_edges == 0 else {"retained": alone.retained, "retained_by_chance": chance.retained}
        for graph, (_, ((alone,), (chance,))) in zip(graphs, found, strict=True)
    ]


def _runs(graph: FlowGraph) -> list[Keep]:
    kept = presence(graph)
    return [
        strongest(kept, torch.ones(1)),
        random_graphs(kept, graph.target_position, [cuttable(graph)], seed=0),
    ]


def _reason(entry: Entry, problem: LlmTtError) -> BadEntry:
    return BadEntry(entry.number, f"{problem.found} {problem.remedy}")
