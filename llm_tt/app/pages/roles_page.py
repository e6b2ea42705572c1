"""Roles: what matters over many prompts, which heads have a role, and the prompts behind every number."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import background
from llm_tt.app.control_rows import box_and_beside
from llm_tt.app.model_panel import open_chosen_model
from llm_tt.app.notes import names_of
from llm_tt.app.notices import errors_shown, plain
from llm_tt.app.progress import place_for_progress
from llm_tt.app.roles.asked import ask
from llm_tt.app.roles.chosen_component import chosen_component, is_chosen
from llm_tt.app.roles.component_card import show_component
from llm_tt.app.roles.map_section import show_map
from llm_tt.app.roles.measured import MeasuredRows, measured_runs, report_of
from llm_tt.app.roles.prompts_section import show_prompts
from llm_tt.app.roles.sources import Source, ask_source
from llm_tt.app.roles.tables_section import show_tables
from llm_tt.batch.relations import RELATIONS
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import AppSettings
from llm_tt.summaries.report import Report

HINT: Final = "Click a cell or a row to read it here, with the prompts behind it. This is the strongest:"


def show_roles_page(settings: AppSettings) -> None:
    """Where the prompts come from, and what they say together."""
    box, beside = box_and_beside("roles")
    with errors_shown(settings), background.paused():
        with box:
            source = ask_source(settings)
        with beside:
            spec, model = open_chosen_model(settings)
        if source is None:
            return
        with place_for_progress():
            measured = measured_runs(spec, model, source)
        if measured is not None:
            _show_what_is_odd(measured, source, spec)
            _show(settings, spec, model, measured)


def _show(settings: AppSettings, spec: ModelSpec, model: LanguageModel, measured: MeasuredRows) -> None:
    names = names_of(settings, model)
    whole = report_of(measured, None, None)
    occurring = {seen.relation for seen in whole.attention}
    asked = ask(measured.runs, tuple(relation for relation in RELATIONS if relation in occurring))
    report = report_of(measured, asked.method, asked.group)
    chosen = chosen_component(_known(report))
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        show_map(measured, asked, names, chosen)
        show_tables(measured, asked, report, names)
    if chosen is not None:
        with right:
            if not is_chosen():
                st.caption(HINT)
            show_component(report, chosen, names)
            row = report.parts.named(chosen)
            of_head = row is not None and row.component.kind == "head"
            show_prompts(spec, model, measured, asked, chosen, of_head=of_head)


def _known(report: Report) -> tuple[str, ...]:
    """Everything that can be chosen, the strongest first."""
    return tuple(row.component.name for row in (*report.parts.rows, *report.neurons.rows))


def _show_what_is_odd(measured: MeasuredRows, source: Source, spec: ModelSpec) -> None:
    """What a person should know before believing the numbers."""
    runs, said = measured.runs, []
    if runs.notice:
        said.append(runs.notice)
    if runs.model is not None and runs.model != spec.source:
        said.append(f"These rows are of {runs.model}; prompts are opened in {spec.source}.")
    n_left_out = getattr(source, "n_left_out", 0)
    if n_left_out:
        said.append(f"The last {n_left_out:,} prompts of the file are left out; llm-tt batch takes them all.")
    for line in said:
        st.caption(f":orange[{plain(line)}]")
    if measured.skipped:
        n_skipped = len(measured.skipped)
        with st.expander(f"{n_skipped:,} {'prompt' if n_skipped == 1 else 'prompts'} could not be measured"):
            st.dataframe(
                {
                    "number": [entry.number for entry in measured.skipped],
                    "why not": [entry.reason for entry in measured.skipped],
                },
                hide_index=True,
                alt="Prompts that could not be measured",
            )
