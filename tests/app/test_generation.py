"""Both texts, token by token, as the library writes them."""

import pytest
from streamlit.runtime.scriptrunner import StopException

import llm_tt
from llm_tt.app import generation
from llm_tt.intervention.edits import Ablate
from llm_tt.intervention.generation import write_on
from tests.app.driving import page_of_link, prompt_box, words
from tests.render.test_written_text import Reader

PROMPT = "When Mary and John went to the store, John gave a drink to"


@pytest.fixture
def page():
    return page_of_link("intervene", edits="ablate:L2H1")


def texts(page) -> list[Reader]:
    """What stands in both columns."""
    readers = []
    for element in page.get("html"):
        if 'class="written"' in element.proto.body:
            reader = Reader()
            reader.feed(element.proto.body)
            readers.append(reader)
    return readers


def expected(**options) -> list[llm_tt.Generation]:
    model = llm_tt.load_model("small-world")
    return [llm_tt.generate(model, PROMPT, edits, **options) for edits in ((), [Ablate.head(2, 1)])]


def test_nothing_is_written_until_it_is_asked_for(page):
    assert texts(page) == []


def test_both_are_written_as_the_library_writes_them(page):
    page.button(key="generate").click().run()
    assert not page.exception
    base, edited = expected(n_tokens=20)
    shown = texts(page)
    assert [reader.text.strip() for reader in shown] == [PROMPT + base.text, PROMPT + edited.text]
    parting = [a.token_id != b.token_id for a, b in zip(base.tokens, edited.tokens, strict=True)]
    assert len(shown[0].marked) == sum(parting) > 0


def test_settings_are_taken(page):
    page.slider(key="temperature").set_value(1.0).run()
    page.number_input(key="n-new").set_value(7)
    page.slider(key="top-p").set_value(0.9)
    page.number_input(key="seed").set_value(3)
    page.button(key="generate").click().run()  # at once, as a quick hand does
    base, edited = expected(n_tokens=7, sampling=llm_tt.Sampling(temperature=1.0, top_p=0.9, seed=3))
    assert [reader.text.strip() for reader in texts(page)] == [PROMPT + base.text, PROMPT + edited.text]


def test_what_was_written_stays_and_says_when_it_is_old(page):
    page.button(key="generate").click().run()
    before = [reader.text for reader in texts(page)]
    assert "other interventions or settings" not in words(page)
    page.slider(key="edit0-strength").set_value(0.5).run()
    assert [reader.text for reader in texts(page)] == before
    assert "other interventions or settings" in words(page)
    prompt_box(page).set_value("Another prompt").run()
    assert texts(page) == []


def test_what_was_stopped_stays_and_says_so(page, monkeypatch):
    def stopped(*arguments, **options):
        for number, token in enumerate(write_on(*arguments, **options)):
            if number == 3:
                raise StopException
            yield token

    monkeypatch.setattr(generation, "write_on", stopped)
    page.button(key="generate").click().run()
    monkeypatch.undo()
    page.run()
    assert not page.exception
    base, edited = expected(n_tokens=3)
    assert [reader.text.strip() for reader in texts(page)] == [PROMPT + base.text, PROMPT + edited.text]
    assert "Stopped after 3 of 20 tokens." in words(page)
    page.button(key="generate").click().run()
    assert "Stopped after" not in words(page)


def test_hostile_text_is_only_text():
    nasty = "<img src=x onerror=alert(1)>"
    page = page_of_link("intervene", edits="ablate:L0H0", prompt=nasty, model="untrained")
    page.button(key="generate").click().run()
    assert not page.exception
    assert all(reader.text.strip().startswith(nasty) for reader in texts(page))
    assert {tag for reader in texts(page) for tag, _ in reader.elements} == {"style", "div", "span"}


def test_a_full_context_writes_nothing():
    page = page_of_link("intervene", edits="ablate:L0H0", prompt="x" * 512, model="untrained")
    page.button(key="generate").click().run()
    assert not page.exception
    assert [reader.marked for reader in texts(page)] == [[], []]
