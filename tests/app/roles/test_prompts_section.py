"""The prompts behind a number: in order, as text, with the ways that lead on from them."""

from llm_tt.app.roles.prompts_section import LONGEST, PROMPTS
from llm_tt.batch.task_entries import entries_of_tasks
from tests.app.driving import choice_of, page_of_link, words


def boxes(page):
    return [text.value for text in page.text]


def test_prompts_of_the_group_with_their_ways(open_roles):
    page = open_roles(group="capital", component="L3H3")
    entries = entries_of_tasks(["indirect_object", "capital"], 10)
    known = {entry.prompt for entry in entries if entry.group == "capital"}
    assert len(boxes(page)) == PROMPTS.at_first
    assert set(boxes(page)) <= known
    assert sum(button.key.startswith("flow-") for button in page.button) == PROMPTS.at_first
    assert sum(button.key.startswith("compare-") for button in page.button) == PROMPTS.at_first


def test_another_order_has_other_prompts_and_more_can_be_had(open_roles):
    page = open_roles(group="capital", component="L3H3")
    strongest = boxes(page)
    choice_of(page, "prompts-order").set_value("weakest").run()
    assert set(boxes(page)) != set(strongest)
    page.button(key="more-prompts").click().run()
    assert len(boxes(page)) == 10
    assert "more-prompts" not in [button.key for button in page.button]


def test_a_map_of_attention_orders_by_attention(open_roles):
    page = open_roles(group="indirect_object", component="L3H3", map="answer")
    assert "By its attention to it." in words(page)
    assert ", attention 0." in words(page)


def test_prompts_are_text_and_cut_in_front():
    page = page_of_link("roles", **{"prompts-from": "file"})
    nasty = "philosopher " * 20 + "<b>:smile: **to**"
    page.file_uploader(key="roles-upload").upload("mine.txt", nasty.encode(), "text/plain").run()
    assert not page.exception
    (shown,) = (text for text in boxes(page) if text.startswith("…"))
    assert shown.endswith("<b>:smile: **to**")
    assert len(shown) <= LONGEST + 1
    assert not [button for button in page.button if button.key.startswith("compare-")]
