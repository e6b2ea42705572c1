"""A list shows its beginning, and more of it when asked."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from llm_tt.app.long_list import LongList

    rows = LongList("rows", 4, 20)
    st.text_input("Question", key="question", on_change=rows.begin_again)
    st.text(str(rows.n_shown))
    rows.offer_more("More of 100")


def test_more_is_shown_at_each_click_until_another_question_is_asked():
    page = AppTest.from_function(_page).run()
    shown = [page.text[0].value]
    for _ in range(2):
        shown.append(page.button(key="more-rows").click().run().text[0].value)
    assert shown == ["4", "24", "44"]
    assert page.text_input(key="question").input("another").run().text[0].value == "4"
