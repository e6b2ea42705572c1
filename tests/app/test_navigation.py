"""Pages, and the way from one to another; more of it in the browser tests."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from llm_tt.app import pages

ENTRY = Path(__file__).parents[2] / "app.py"


def script() -> None:
    """Two pages of which one leads to the other."""
    import streamlit as st

    from llm_tt.app.navigation import go_to, run_pages
    from llm_tt.settings import AppSettings, load_settings

    def first(settings: AppSettings) -> None:
        st.text(f"first with {settings.default_model}")
        if st.button("on"):
            go_to("Second")

    def second(settings: AppSettings) -> None:
        st.text(f"second with {settings.default_model}")

    run_pages(load_settings(), {"First": first, "Second": second})


def test_the_first_page_is_shown_and_leads_on():
    page = AppTest.from_function(script).run()
    assert [text.value for text in page.text] == ["first with small-world"]
    page.button[0].click().run()
    assert not page.exception
    assert [text.value for text in page.text] == ["second with small-world"]


def test_every_page_is_in_the_menu():
    entry = ENTRY.read_text(encoding="utf-8")
    names = [path.stem for folder in pages.__path__ for path in Path(folder).glob("*_page.py")]
    assert len(names) > 5
    assert [name for name in names if f": show_{name},\n" not in entry] == []


def test_settings_that_were_broken_since_the_start_are_a_sentence(tmp_path, monkeypatch):
    broken = tmp_path / "secret-place.toml"
    broken.write_text("limits = 3")
    monkeypatch.setenv("LLM_TT_SETTINGS", str(broken))
    page = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    assert not page.exception
    (error,) = page.error
    assert error.value.endswith("Its log says why.")
    assert "secret-place" not in error.value
