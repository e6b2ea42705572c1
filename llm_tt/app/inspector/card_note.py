"""A person's own name and note for a component, on its card."""

import streamlit as st

from llm_tt.app.notes import note_of, take_refusal, write_note
from llm_tt.app.notices import plain
from llm_tt.app.view import View
from llm_tt.concepts.notes import LONGEST_NAME, LONGEST_TEXT
from llm_tt.errors import NotebookError
from llm_tt.intervention.components import Component
from llm_tt.render.part_words import title_of
from llm_tt.tracing.parts import Part

MENU_WIDTH = 300
"""Pixels: no wider than a card."""


def show_note(view: View, part: Part) -> None:
    """The note, and a menu to write it; parts of one prompt only, such as messages, have none."""
    component = Component.of(part)
    if component is None or component.kind == "edge":
        return
    title = title_of(part)
    refusal = take_refusal()
    try:
        noted = note_of(view.settings, view.model, title)
    except NotebookError as error:
        noted, refusal = None, error
    name, text = ("", "") if noted is None else (noted.name, noted.text)
    if text:
        st.markdown(f":small[{plain(text)}]")
    if refusal is not None:
        st.caption(f":red[{plain(f'{refusal.found} {refusal.remedy}')}]")
    _offer_to_write(view, title, name, text)


def _offer_to_write(view: View, title: str, name: str, text: str) -> None:
    # A menu of another name each time: so it closes, and its fields show what is kept.
    version = f"{title}-{hash((name, text))}"
    menu = st.popover("Name", icon=":material/edit_note:", type="tertiary", key=f"note-menu-{version}")
    with menu, st.container(width=MENU_WIDTH):
        keys = f"note-name-{version}", f"note-text-{version}"
        st.text_input("Your name for it", name, max_chars=LONGEST_NAME, key=keys[0])
        st.text_area("Note", text, max_chars=LONGEST_TEXT, height=90, key=keys[1])
        st.button("Keep", key=f"keep-{version}", on_click=_keep, args=(view, title, keys))


def _keep(view: View, title: str, keys: tuple[str, str]) -> None:
    name, text = (str(st.session_state[key]) for key in keys)
    write_note(view.settings, view.model, title, name, text)
