"""A person's own name and note for a component, on its card."""

import streamlit as st

from llm_tt.app.cached import open_model
from llm_tt.app.notes import note_of, take_refusal, write_note
from llm_tt.app.notices import errors_shown, plain
from llm_tt.app.view import View
from llm_tt.concepts.notes import LONGEST_NAME, LONGEST_TEXT
from llm_tt.errors import NotebookError
from llm_tt.model.spec import ModelSpec
from llm_tt.render.part_words import title_of
from llm_tt.settings import AppSettings
from llm_tt.tracing.parts import Part

MENU_WIDTH = 300
"""Pixels: no wider than a card."""


def show_note(view: View, part: Part) -> None:
    """What is noted of it, and why the last note was refused."""
    title = _title_of_noted(part)
    if title is None:
        return
    refusal = take_refusal()
    try:
        noted = note_of(view.settings, view.model, title)
    except NotebookError as error:
        noted, refusal = None, error
    if noted is not None and noted.text:
        st.markdown(f":small[{plain(noted.text)}]")
    if refusal is not None:
        st.caption(f":red[{plain(f'{refusal.found} {refusal.remedy}')}]")


def offer_name(view: View, part: Part) -> None:
    """A small menu to write name and note."""
    title = _title_of_noted(part)
    if title is None:
        return
    try:
        noted = note_of(view.settings, view.model, title)
    except NotebookError:  # said above
        return
    name, text = ("", "") if noted is None else (noted.name, noted.text)
    # A menu of another key each time: so it closes, and its fields show what is kept.
    version = f"{title}-{hash((name, text))}"
    menu = st.popover(
        ":small[Name]", icon=":material/edit_note:", type="tertiary", key=f"note-menu-{version}"
    )
    with menu, st.container(width=MENU_WIDTH):
        keys = f"note-name-{version}", f"note-text-{version}"
        st.text_input("Your name for it", name, max_chars=LONGEST_NAME, key=keys[0])
        st.text_area("Note", text, max_chars=LONGEST_TEXT, height=90, key=keys[1])
        st.button(
            "Keep",
            key=f"keep-{version}",
            on_click=_keep,
            args=(view.settings, view.model.spec, title, keys, (name, text)),
        )


def _title_of_noted(part: Part) -> str | None:
    """The title of a head, an MLP or a neuron, also where a single message of a head is shown."""
    return title_of(part) if part.kind in ("head", "message", "mlp", "neuron") else None


def _keep(
    settings: AppSettings, spec: ModelSpec, title: str, keys: tuple[str, str], shown: tuple[str, str]
) -> None:
    """What was typed; `shown` is what the menu began with, which another tab may have changed since."""
    name, text = (str(st.session_state[key]) for key in keys)
    with errors_shown(settings):
        write_note(settings, open_model(spec), title, name, text, instead_of=shown)
