"""The traced position and the selected part: from the link, from clicks, and gone with their prompt."""

import pytest

from llm_tt.app import chosen
from llm_tt.app.chosen import choose_part, choose_position
from tests.app.driving import (
    FAILED,
    choose_label,
    click,
    graph_of,
    link_of,
    menu_of,
    news_of,
    page_of_link,
    prompt_box,
    words,
)

PROMPT = "The capital of Japan is the city of"  # eight tokens


def test_a_link_opens_its_position_and_its_part():
    page = page_of_link(prompt=PROMPT, at="5", select="L1H2@1-5")
    assert FAILED not in words(page)
    assert graph_of(page)["targetPosition"] == 5
    assert "##### L1H2" in words(page)
    assert link_of(page) == {"method": "ifr", "at": "5", "select": "L1H2@1-5"}
    assert news_of(page)["chosen"] == {"part": "L1H2@1-5", "times": 1}  # the graph follows


@pytest.mark.parametrize(
    "position", ["8", "-1", "x", "", "1.0", "²", "٣", " 3", "9" * 5000, "7"], ids=lambda text: text[:5]
)
def test_a_position_that_is_none_is_passed_over(position):
    page = page_of_link(prompt=PROMPT, at=position)
    assert FAILED not in words(page)
    assert graph_of(page)["targetPosition"] == 7
    assert "at" not in link_of(page)


@pytest.mark.parametrize(
    "part",
    ["nothing", "", "L9.post@3", "L1.post@8", "L1H9@1-3", "L1H1@3-1", "L0N99999@1", f"L{'9' * 5000}.mlp@1"],
    ids=lambda text: text[:12],
)
def test_a_part_that_there_is_not_is_passed_over(part):
    page = page_of_link(prompt=PROMPT, select=part)
    assert FAILED not in words(page)
    assert "select" not in link_of(page)
    assert graph_of(page)["positions"] == 8


def test_a_part_behind_the_target_is_passed_over_until_it_is_in_front_of_it():
    page = page_of_link(prompt=PROMPT, at="3", select="L1.mlp@5")
    assert "select" not in link_of(page)
    click(page, "target", position=6)
    assert link_of(page)["select"] == "L1.mlp@5"
    assert "##### L1.mlp" in words(page)


def test_a_new_prompt_forgets_what_was_chosen_on_the_old_one():
    page = page_of_link(
        prompt=PROMPT, at="5", select="L1H2@1-5", token="·Tokyo", contrast="·Paris", method="relp"
    )
    assert set(link_of(page)) == {"at", "select", "token", "contrast", "method"}
    prompt_box(page).set_value("When Mary and John went to the store").run()
    assert FAILED not in words(page)
    assert link_of(page) == {"method": "relp"}
    assert menu_of(page, "token").value is None
    assert menu_of(page, "contrast").value is None
    assert graph_of(page)["targetPosition"] == graph_of(page)["positions"] - 1
    assert news_of(page)["chosen"]["part"] is None


def test_a_prompt_that_cannot_be_read_forgets_nothing():
    page = page_of_link(prompt=PROMPT, at="5", select="L1H2@1-5", token="·Tokyo", method="gradact")
    before = link_of(page)
    prompt_box(page).set_value("").run()
    assert FAILED in words(page)
    prompt_box(page).set_value(PROMPT).run()
    assert link_of(page) == before
    assert graph_of(page)["targetPosition"] == 5


def test_another_model_is_another_prompt():
    page = page_of_link(prompt=PROMPT, at="5", select="L1H2@1-5")
    menu_of(page, "model").set_value("untrained").run()
    assert link_of(page) == {"method": "ifr", "model": "untrained"}
    assert graph_of(page)["targetPosition"] == len(PROMPT) - 1


@pytest.mark.parametrize("sent", [None, "5", 5.0, True, [5], {"position": 5}, -1, 8])
def test_a_browser_that_sends_no_position_chooses_the_last_one(sent):
    page = click(page_of_link(prompt=PROMPT, at="5"), "target", position=sent)
    assert not page.exception
    assert graph_of(page)["targetPosition"] == 7


@pytest.mark.parametrize("sent", [None, 5, True, ["L1.mlp@3"], "<script>", "L99.mlp@3"])
def test_a_browser_that_sends_no_part_chooses_nothing(sent):
    page = click(page_of_link(prompt=PROMPT, select="L1.mlp@3"), "selection", part=sent)
    assert not page.exception
    assert "select" not in link_of(page)


def test_a_click_beside_the_graph_is_followed_by_the_graph():
    page = page_of_link(prompt=PROMPT, select="L1H2@1-5")
    next(button for button in page.button if str(button.key).startswith("go-L1H2@1-5-")).click().run()
    chosen_now = news_of(page)["chosen"]
    assert chosen_now["times"] == 2
    assert chosen_now["part"] == link_of(page)["select"] != "L1H2@1-5"
    click(page, "selection", part="L1.mlp@3")
    assert news_of(page)["chosen"] == {"part": "L1.mlp@3", "times": 2}  # the graph knows it already


def test_choosing_only_remembers(monkeypatch):
    state = {}
    monkeypatch.setattr(chosen.st, "session_state", state)
    choose_part("L1.mlp@3")
    choose_position(3)
    assert sorted(map(str, state.values())) == ["3", "L1.mlp@3"]


def test_a_token_that_was_named_while_a_prompt_was_on_its_way_is_meant_for_it():
    page = page_of_link(prompt=PROMPT, method="relp")
    prompt_box(page).set_value("When Mary and John went to the store")  # not run yet
    choose_label(page, "contrast", "·Mary")
    assert FAILED not in words(page)
    assert link_of(page)["contrast"] == "·Mary"
    assert menu_of(page, "contrast").value == "·Mary"
    assert "token" not in link_of(page)
    prompt_box(page).set_value(PROMPT).run()
    assert "contrast" not in link_of(page)  # that prompt came later


def test_a_token_that_was_named_before_the_prompt_is_forgotten_though_no_run_came_between():
    page = page_of_link(prompt=PROMPT, method="relp")
    page.session_state["contrast"] = "·Mary"
    page.session_state[chosen._ON_ITS_WAY] = {"contrast": (PROMPT, page.session_state["model"])}
    prompt_box(page).set_value("When Mary and John went to the store").run()
    assert "contrast" not in link_of(page)
    assert menu_of(page, "contrast").value is None
