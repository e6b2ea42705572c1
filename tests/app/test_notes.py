"""Names of components: on this machine or with the visit, and nothing is computed before there is one."""

import pytest
from streamlit.testing.v1 import AppTest


def script(on_disk: bool, component: str, name: str) -> None:
    from dataclasses import replace

    import streamlit as st

    from llm_tt.app.cached import open_model
    from llm_tt.app.notes import names_of, note_of, take_names_changed, take_refusal, write_note
    from llm_tt.model.spec import ModelSpec
    from llm_tt.settings import load_settings

    settings = load_settings()
    settings = replace(settings, access=replace(settings.access, notes_on_disk=on_disk))
    model = open_model(ModelSpec("untrained"))
    st.text(f"names {dict(names_of(settings, model))}")
    if name:
        write_note(settings, model, component, name, " a text ")
        st.text(f"names {dict(names_of(settings, model))}")
        note = note_of(settings, model, component)
        st.text(f"note {note and note.text}, changed {take_names_changed()}, {take_names_changed()}")
        refusal = take_refusal()
        st.text(f"refusal {refusal and refusal.found}")


def say(on_disk: bool, component: str = "L1H0", name: str = "") -> list[str]:
    arguments = {"on_disk": on_disk, "component": component, "name": name}
    page = AppTest.from_function(script, kwargs=arguments, default_timeout=60).run()
    assert not page.exception
    return [text.value for text in page.text]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    from llm_tt.app.cached import open_notebook

    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path))
    open_notebook.clear()
    yield tmp_path
    open_notebook.clear()


def test_before_there_is_a_note_models_are_not_told_apart(monkeypatch):
    import llm_tt.app.notes as notes

    monkeypatch.setattr(notes, "notebook_of", None)
    assert say(on_disk=True) == say(on_disk=False) == ["names {}"]


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_name_is_kept_where_the_settings_say(on_disk, own_folder):
    said = say(on_disk, name=" mover ")
    assert said == [
        "names {}",
        "names {'L1H0': 'mover'}",
        "note a text, changed True, False",
        "refusal None",
    ]
    assert say(on_disk)[0] == ("names {'L1H0': 'mover'}" if on_disk else "names {}")
    assert any(own_folder.rglob("*.sqlite")) is on_disk


def test_a_refusal_is_said_once_and_nothing_is_kept():
    said = say(on_disk=True, component="L99H0", name="far")
    assert said[1] == "names {}"
    assert "changed False" in said[2]
    assert "99" in said[3]
