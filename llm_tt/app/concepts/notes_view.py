"""Everything that was named or noted in this model: a list, and the way into and out of a file."""

from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.cached import open_model
from llm_tt.app.chosen import select_everywhere, select_in_any_prompt
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notes import notebook_of
from llm_tt.app.notices import errors_shown, plain, show_error
from llm_tt.app.view import View
from llm_tt.concepts.notebook import MergeReport
from llm_tt.concepts.notes import Note
from llm_tt.errors import NotebookError, TargetError
from llm_tt.model.spec import ModelSpec
from llm_tt.render.concept_tables import note_columns
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part

FILE_NAME: Final = "notes.json"

_REPORT: Final = "notes_report"

CONFLICTS: Final = {"newer": "the newer one", "ours": "the one here", "theirs": "the file's"}


def show_notes(frame: Frame, view: View, part: Part | None) -> None:
    """The list; a click on a row opens its card."""
    notebook = notebook_of(frame.settings, frame.model)
    notes = notebook.all()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.caption(_caption(frame, len(notes)), width="stretch")
        if notes:
            st.download_button(
                "Save as a file",
                notebook.to_json(),
                FILE_NAME,
                "application/json",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                key="save-notes",
            )
        _offer_load(frame)
    if notebook.notice:
        st.caption(f":orange[{plain(notebook.notice)}]")
    outcome = st.session_state.pop(_REPORT, None)
    if isinstance(outcome, NotebookError):
        show_error(outcome)
    elif isinstance(outcome, MergeReport):
        st.caption(plain(_sentence_of(outcome)))
    if notes:
        _show_list(notes, view)


def _caption(frame: Frame, n_notes: int) -> str:
    where = (
        "on this machine"
        if frame.settings.access.notes_on_disk
        else "with this visit: save them as a file to keep them"
    )
    if not n_notes:
        return (
            "Nothing is named yet. Every card of a head, a neuron or an MLP has a button “Name”: what you "
            f"write there is shown wherever that part appears, and kept {where}."
        )
    return f"{n_notes:,} named or noted in {plain(frame.run.spec.source)}, kept {where}."


def _show_list(notes: tuple[Note, ...], view: View) -> None:
    key = f"notes-{len(notes)}"

    def take() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and 0 <= rows[0] < len(notes):
            _choose(notes[rows[0]], view.target.position)

    st.dataframe(
        note_columns(notes),
        hide_index=True,
        row_height=ROW_HEIGHT,
        column_config={
            "part": st.column_config.TextColumn(width=90),
            "name": st.column_config.TextColumn(width=190),
            "note": st.column_config.TextColumn(width=300),
        },
        key=key,
        on_select=take,
        selection_mode="single-row",
        alt="Named components",
    )


def _choose(note: Note, position: int) -> None:
    try:
        select_in_any_prompt(Part.named(f"{note.component}@{position}"))
    except TargetError:
        select_everywhere(None)


def _offer_load(frame: Frame) -> None:
    with st.popover("Load", icon=":material/upload:", type="tertiary", key="load-notes"):
        st.segmented_control(
            "Where both have a note, keep",
            list(CONFLICTS),
            default=last_chosen("note-conflicts", "newer"),
            required=True,
            format_func=CONFLICTS.__getitem__,
            key="note-conflicts",
        )
        st.file_uploader(
            "A file of notes, as this page saves it",
            type=["json"],
            key="notes-file",
            max_upload_size=frame.settings.limits.upload_megabytes,
        )
        st.button("Take them over", key="merge-notes", on_click=_merge, args=(frame.settings, frame.run.spec))


def _merge(settings: AppSettings, spec: ModelSpec) -> None:
    """Read when it is clicked."""
    file = st.session_state.get("notes-file")
    if file is None:
        return
    text, on_conflict = file.getvalue().decode("utf-8", errors="replace"), st.session_state["note-conflicts"]
    with errors_shown(settings):
        notebook = notebook_of(settings, open_model(spec))
        try:
            st.session_state[_REPORT] = notebook.merge_json(text, on_conflict=on_conflict)
        except NotebookError as error:
            st.session_state[_REPORT] = error


def _sentence_of(report: MergeReport) -> str:
    counts = f"{report.added} added, {report.changed} changed, {report.kept} kept as they were"
    other = f" The file is of {report.other_model}: its parts have the same names, no more."
    return f"{counts}, {report.skipped} skipped." + (other if report.other_model else "")
