"""The prompt: from the link, the examples, a file, or the model itself."""

import pytest

import llm_tt
from llm_tt.app import progress
from llm_tt.settings import load_examples
from tests.app.driving import FAILED, graph_of, page_of_link, prompt_box, words

PROMPT = "The capital of Japan is the city of"


@pytest.fixture
def page():
    return page_of_link(prompt=PROMPT)


def upload(page, name: str, content: bytes):
    return page.get("file_uploader")[0].set_value((name, content, "text/plain")).run()


def text_of(page) -> str:
    return prompt_box(page).value


def test_without_a_link_the_first_example_is_shown():
    assert text_of(page_of_link()) == load_examples()[0].prompt
    assert text_of(page_of_link(prompt="")) == load_examples()[0].prompt


@pytest.mark.parametrize("prompt", ["a & b = c? #1 %41 +", "東京 😀", "two\nlines"])
def test_the_prompt_of_a_link_is_taken_as_it_is(prompt):
    page = page_of_link(prompt=prompt)
    assert text_of(page) == page.query_params["prompt"] == prompt


def test_prompts_as_long_as_links_may_be_are_in_the_link_and_longer_ones_not():
    page = page_of_link(model="untrained")
    for length, is_there in ((1500, True), (1501, False), (10, True)):
        prompt_box(page).set_value("x" * length).run()
        assert (page.query_params.get("prompt") == "x" * length) is is_there
        assert ("prompt" in page.query_params) is is_there


def test_every_example_is_offered_and_fills_the_box(page):
    examples = load_examples()
    assert page.button_group(key="example").options == [example.label for example in examples]
    for example in examples:
        page.button_group(key="example").set_value(example.label).run()
        assert text_of(page) == page.query_params["prompt"] == example.prompt
        assert page.button_group(key="example").value is None


def menu_of_file(page):
    """The menu of the uploaded file's prompts."""
    (menu,) = (box for box in page.selectbox if (box.key or "").startswith("uploaded_prompt"))
    return menu


def test_a_prompt_of_a_file_fills_the_box(page):
    upload(page, "prompts.txt", b"5 + 4 = 9, 2 + 3 =\n\n" + b"x" * 200 + b"\nLionel Messi plays for")
    menu = menu_of_file(page)
    assert menu.label == "3 prompts"
    assert menu.options == ["1. 5 + 4 = 9, 2 + 3 =", f"2. {'x' * 80}", "3. Lionel Messi plays for"]
    assert text_of(page) == PROMPT  # until one is chosen
    for chosen, prompt in ((2, "Lionel Messi plays for"), (0, "5 + 4 = 9, 2 + 3 =")):
        menu_of_file(page).set_value(chosen).run()
        assert FAILED not in words(page)
        assert text_of(page) == page.query_params["prompt"] == prompt
    prompt_box(page).set_value("typed afterwards").run()
    assert text_of(page) == "typed afterwards"


def test_another_file_with_fewer_prompts_has_a_menu_of_its_own(page):
    upload(page, "prompts.txt", b"One cat.\nTwo cats.\nThree cats.")
    menu_of_file(page).set_value(2).run()
    upload(page, "other.txt", b"A dog.")
    assert not page.exception
    assert menu_of_file(page).value is None
    assert text_of(page) == "Three cats."


def test_a_file_of_json_lines_is_read_too(page):
    upload(page, "prompts.jsonl", b'{"prompt": "Lionel Messi\\nplays for"}')
    menu_of_file(page).set_value(0).run()
    assert text_of(page) == "Lionel Messi\nplays for"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"\n", "no lines with text"),
        ("a.txt", b"\0", "zero bytes"),
        ("a.txt", "Zürich".encode("latin-1"), "line 1 is not in UTF-8"),
        ("a.jsonl", b"{}", "Line 1 is no JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_the_graph_stays(page, name, content, message):
    upload(page, name, content)
    assert not page.exception
    assert words(page).count(FAILED) == 1
    assert message in words(page)
    assert graph_of(page)["tokens"][0] == "The"
    assert not [box for box in page.selectbox if (box.key or "").startswith("uploaded_prompt")]


def test_a_prompt_of_a_file_that_is_too_long_is_said(page):
    upload(page, "a.txt", b"x" * 40_000)
    menu_of_file(page).set_value(0).run()
    assert not page.exception
    assert "40,000 characters" in words(page)


@pytest.mark.parametrize("n_tokens", [1, 4])
def test_continuing_appends_what_the_model_writes(page, n_tokens):
    model = llm_tt.load_model("small-world")
    expected = llm_tt.continue_prompt(model, model.tokenize(PROMPT), n_tokens).text
    assert expected.startswith(f"{PROMPT} Tokyo")
    page.number_input(key="n_tokens").set_value(n_tokens)
    page.button(key="append").click().run()
    assert not page.exception
    assert text_of(page) == page.query_params["prompt"] == expected
    assert "".join(graph_of(page)["tokens"]).replace("·", " ") == expected


def test_an_empty_prompt_cannot_be_continued(page):
    prompt_box(page).set_value("").run()
    page.button(key="append").click().run()
    assert not page.exception
    assert words(page).count(FAILED) == 2  # once for the graph, once for the button
    assert text_of(page) == ""


def test_no_more_tokens_are_offered_than_there_is_patience_for(page):
    box = page.number_input(key="n_tokens")
    assert (box.min, box.max, box.value) == (1, 50, 1)


def test_a_file_may_be_as_large_as_the_settings_say(page):
    assert page.get("file_uploader")[0].proto.max_upload_size_mb == 10


def test_who_comes_back_to_a_prompt_that_was_stopped_wants_it_after_all(page):
    page.session_state[progress._STOPPED] = "a pass of the prompt that comes now"
    prompt_box(page).set_value("When Mary and John went to the store").run()
    assert progress._STOPPED not in page.session_state
