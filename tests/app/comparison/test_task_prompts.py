"""One click brings a task's clean and corrupted prompts, each with its answer."""

from llm_tt.app.comparison.task_prompts import sides_of
from llm_tt.smallworld.generation import generate
from tests.app.comparison.comparing import compare_page, link


def test_a_task_brings_both_prompts_and_answers():
    page = compare_page(token="·Mary")
    for times in range(2):
        page.selectbox(key="task_pair").set_value("indirect_object").run()
        assert not page.exception
        prompt = generate("indirect_object", 1, times)[0]
        assert page.session_state["prompt_text"] == prompt.prompt
        assert page.session_state["b_prompt"] == prompt.corrupted
        told = link(page)
        assert (told["token"], told["b_token"]) == (
            f"·{prompt.answer.strip()}",
            f"·{prompt.corrupted_answer.strip()}",
        )
        assert page.selectbox(key="task_pair").value is None


def test_flow_routes_give_way_to_a_method_with_a_target():
    page = compare_page(method="ifr")
    page.selectbox(key="task_pair").set_value("capital").run()
    assert link(page)["method"] == "relp"


def test_sides():
    prompt = generate("sums", 1, 0)[0]
    first, second = sides_of(prompt)
    assert (first.prompt, first.token, second.prompt, second.token) == (
        prompt.prompt,
        prompt.answer,
        prompt.corrupted,
        prompt.corrupted_answer,
    )
