"""Two prompts come to the page Compare from elsewhere, with what is explained of each."""

from streamlit.testing.v1 import AppTest

CLEAN = "When Mary and John went to the store, John gave a drink to"
CORRUPTED = "When Mary and John went to the store, Mary gave a drink to"


def script() -> None:
    """A page with two buttons: one leads on, one only puts the prompts there."""
    import streamlit as st

    from llm_tt.app.comparison.opening import TITLE, ComparedSide, open_in_compare, take_wanted
    from llm_tt.app.navigation import run_pages
    from llm_tt.settings import AppSettings, load_settings

    clean = "When Mary and John went to the store, John gave a drink to"
    corrupted = "When Mary and John went to the store, Mary gave a drink to"

    def here(settings: AppSettings) -> None:
        if st.button("texts"):
            open_in_compare(clean, corrupted)
        if st.button("tokens"):
            open_in_compare(ComparedSide(clean, " Mary", " John"), ComparedSide(corrupted, " John"))

    def there(settings: AppSettings) -> None:
        take_wanted()

    run_pages(load_settings(), {"Here": here, TITLE: there})


def test_two_texts_leave_everything_else_as_it_is():
    page = AppTest.from_function(script)
    page.session_state["method"] = "ifr"
    page.session_state["pairs"] = "3-4"
    page.run()
    page.button[0].click().run()
    assert not page.exception
    assert page.session_state["prompt_text"] == CLEAN
    assert page.session_state["b_prompt"] == CORRUPTED
    assert page.session_state["method"] == "ifr"
    assert page.session_state["pairs"] is None


def test_named_tokens_are_explained_by_a_method_that_knows_them():
    page = AppTest.from_function(script)
    page.session_state["method"] = "ifr"
    page.run()
    page.button[1].click().run()
    assert not page.exception
    state = page.session_state
    assert (state["token"], state["contrast"], state["method"]) == ("·Mary", "·John", "relp")
    assert (state["b_token"], state["b_contrast"]) == ("·John", None)
