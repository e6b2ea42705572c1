"""The other side is in the address, as far as it is another one."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    """Read, and write back."""
    from llm_tt.app.comparison.other_state import note_other, read_other

    read_other()
    note_other()


def test_what_a_link_says_is_believed_once_and_written_back():
    page = AppTest.from_function(script)
    page.query_params["b_prompt"] = "Once"
    page.query_params["pairs"] = "1-2"
    page.run()
    assert (page.session_state["b_prompt"], page.session_state["pairs"]) == ("Once", "1-2")
    page.session_state["b_prompt"] = "Twice"
    page.session_state["pairs"] = None
    page.run()
    assert dict(page.query_params) == {"b_prompt": "Twice"}


def test_a_prompt_too_long_for_a_link_is_left_out():
    page = AppTest.from_function(script)
    page.session_state["b_prompt"] = "x" * 2000
    page.run()
    assert dict(page.query_params) == {}
    assert page.session_state["b_prompt"] == "x" * 2000
