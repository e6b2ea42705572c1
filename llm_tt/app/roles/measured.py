"""The rows that the page Roles is about: measured here, or read from files; kept as long as there is room."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.cached import kept, tokenize_within_limits
from llm_tt.app.progress import progress_shown
from llm_tt.app.roles.sources import Finished, Prompts, Source
from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import LlmTtError, PromptError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.spec import ModelSpec
from llm_tt.summaries.report import Report, summarize_runs
from llm_tt.summaries.runs import Runs, open_runs, runs_of_bytes, runs_of_table

QUICK_MODEL: Final = 4096
"""Layers times width; prompts of larger models are measured when somebody says so."""

_ASKED: Final = "roles_asked_for"


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRows:
    """Rows, and what is known of their prompts beside them."""

    key: tuple[object, ...]
    """What they are kept under."""
    runs: Runs
    entries: Mapping[int, Entry]
    """By number; empty of runs that were measured elsewhere."""
    skipped: tuple[BadEntry, ...] = ()

    @property
    def n_bytes(self) -> int:
        """About how much room it takes."""
        files = sum(file.stat().st_size for file in self.runs.files if file.exists())
        return files + 500 * len(self.entries) + 10_000


def measured_runs(spec: ModelSpec, model: LanguageModel, source: Source) -> MeasuredRows | None:
    """The rows; None while nobody has said that a large model's should be measured.

    Raises:
        LlmTtError: no prompt could be measured, or what was given are no runs.
    """
    if isinstance(source, Finished):
        key: tuple[object, ...] = ("runs", source.key)
        return kept.get(key, lambda: _read(key, source), lambda found: found.n_bytes)
    key = ("measured prompts", spec, source)
    if key not in kept and not _may_begin(model, source, hash(key)):
        return None
    return kept.get(key, lambda: _measure(key, model, source), lambda found: found.n_bytes)


def report_of(measured: MeasuredRows, method: str | None, group: str | None) -> Report:
    """What the rows say together."""
    method = method or measured.runs.methods[0]  # so that both ways to ask are one report
    return kept.get(
        ("report", measured.key, method, group),
        lambda: summarize_runs(measured.runs, method, group),
        lambda report: 600 * (len(report.parts.rows) + len(report.neurons.rows) + len(report.attention)),
    )


def _read(key: tuple[object, ...], source: Finished) -> MeasuredRows:
    with progress_shown("Reading the runs …", key):
        if source.content is not None:
            return MeasuredRows(key, runs_of_bytes(source.content, source.name), {})
        assert source.place is not None
        return MeasuredRows(key, open_runs(source.place, source.name), {})


def _may_begin(model: LanguageModel, source: Prompts, work: int) -> bool:
    sizes = model.dimensions
    if sizes.n_layers * sizes.d_model <= QUICK_MODEL or st.session_state.get(_ASKED) == work:
        return True
    st.button(
        f"Measure {len(source.entries):,} prompts", type="primary", key="measure", on_click=_ask, args=(work,)
    )
    st.caption("A prompt takes about as long as four runs of the model. You can stop at any time.")
    return False


def _ask(work: int) -> None:
    st.session_state[_ASKED] = work


def _measure(key: tuple[object, ...], model: LanguageModel, source: Prompts) -> MeasuredRows:
    entries = [_within_limits(model, entry) for entry in source.entries]
    options = BatchOptions(methods=source.methods, measure=False)
    with progress_shown("Measuring the prompts …", key, steps_of=model) as report:
        rows, skipped = measure_all(model, entries, options, report)
    if not rows.num_rows:
        first = skipped[0]
        raise PromptError(
            asked=f"Measure the prompts of {source.name}.",
            found=f"None could be measured. The first, number {first.number}: {first.reason}",
            remedy="Choose other prompts, or another model.",
        )
    found = {entry.number: entry for entry in entries if isinstance(entry, Entry)}
    return MeasuredRows(key, runs_of_table(rows, source.name), found, tuple(skipped))


def _within_limits(model: LanguageModel, entry: Entry | BadEntry) -> Entry | BadEntry:
    if isinstance(entry, Entry):
        try:
            tokenize_within_limits(model, entry.prompt)
        except LlmTtError as problem:
            return BadEntry(entry.number, f"{problem.found} {problem.remedy}")
    return entry
