"""Names and notes of components: on this machine's disk, or with the visit where strangers come."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from llm_tt.app.cached import open_notebook
from llm_tt.concepts.folders import data_folder
from llm_tt.concepts.notebook import Notebook
from llm_tt.concepts.notes import Note, refuse
from llm_tt.errors import NotebookError
from llm_tt.model.language_model import LanguageModel
from llm_tt.settings import AppSettings

_OWN: Final = "own_notebooks"
_CHANGED: Final = "names_changed"
_REFUSED: Final = "note_refused"


def notebook_of(settings: AppSettings, model: LanguageModel) -> Notebook:
    """The notebook of the open model.

    Raises:
        NotebookError: it cannot be read or made.
    """
    if settings.access.notes_on_disk:
        return open_notebook(model.spec)
    own: dict[str, Notebook] = st.session_state.setdefault(_OWN, {})
    if model.fingerprint not in own:
        own[model.fingerprint] = Notebook.in_memory(model)
    return own[model.fingerprint]


def names_of(settings: AppSettings, model: LanguageModel) -> Mapping[str, str]:
    """A person's names of components; none where the notebook cannot be read, which its own page says."""
    try:
        return notebook_of(settings, model).names() if _is_anything_noted(settings) else {}
    except NotebookError:
        return {}


def note_of(settings: AppSettings, model: LanguageModel, component: str) -> Note | None:
    """What is noted of a component.

    Raises:
        NotebookError: the notebook cannot be read.
    """
    return notebook_of(settings, model).get(component) if _is_anything_noted(settings) else None


def _is_anything_noted(settings: AppSettings) -> bool:
    """Until something is, nothing is computed: telling models apart takes a second a gigabyte."""
    if not settings.access.notes_on_disk:
        return bool(st.session_state.get(_OWN))
    try:
        return any((data_folder() / "notes").iterdir())
    except OSError:
        return False


def write_note(  # noqa: PLR0913 (what is written, where, and what it takes the place of)
    settings: AppSettings,
    model: LanguageModel,
    component: str,
    name: str,
    text: str,
    *,
    instead_of: tuple[str, str] | None = None,
) -> None:
    """Name a component, or forget its name; a refusal is said once, on its card.

    `instead_of` is the name and the text that the person saw: what somebody wrote since is not overwritten.
    """
    name, text = name.strip(), text.strip()
    try:
        notebook = notebook_of(settings, model)
        here = notebook.get(component)
        there = ("", "") if here is None else (here.name, here.text)
        if instead_of is not None and there not in (instead_of, (name, text)):
            yours = ": ".join(filter(None, (name, text)))
            refuse(
                f"{component} was noted elsewhere meanwhile, and that was kept.",
                f"Write yours again if it should take its place: {yours}" if yours else "Look at it first.",
            )
        notebook.write(component, name=name, text=text)
    except NotebookError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[_CHANGED] = True


def take_refusal() -> NotebookError | None:
    """Why a note was not written, said once."""
    refusal: NotebookError | None = st.session_state.pop(_REFUSED, None)
    return refusal


def take_names_changed() -> bool:
    """Whether something was named since this was last asked: other parts of the page show names too."""
    return bool(st.session_state.pop(_CHANGED, False))
