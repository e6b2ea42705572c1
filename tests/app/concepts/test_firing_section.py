"""Where a neuron fires: in the examples, or in what was uploaded."""

from dataclasses import replace

from llm_tt.app import cached
from llm_tt.concepts.firing import firing_of
from llm_tt.render.visible_text import visible_token
from llm_tt.settings import load_examples
from tests.app.driving import page_of_link, table, words

NEURON = "L3N7"


def test_without_a_file_the_examples_are_read(world):
    page = page_of_link("concepts", select=f"{NEURON}@13")
    assert not page.exception
    assert "In the example prompts" in words(page)
    expected = firing_of(world[0], [example.prompt for example in load_examples()], 3, 7, top=8)
    assert table(page, "before")["activation"].tolist() == [place.activation for place in expected.places]


def test_uploaded_prompts_are_read_and_many_only_when_asked_for(world):
    page = page_of_link("concepts", select=f"{NEURON}@13")
    prompts = [f"Lionel Messi plays for {name}" for name in ("Paris", "Mary", "Spain")]
    page.get("file_uploader")[0].set_value(("some.txt", "\n".join(prompts).encode(), "text/plain")).run()
    assert "In your 3 prompts" in words(page)
    expected = firing_of(world[0], prompts, 3, 7, top=8)
    assert table(page, "before")["activation"].tolist() == [place.activation for place in expected.places]
    many = "\n".join(f"Sentence number {place}" for place in range(21)).encode()
    page.get("file_uploader")[0].set_value(("many.txt", many, "text/plain")).run()
    assert not any("before" in frame.value for frame in page.dataframe)
    page.button(key="run-prompts").click().run()
    assert not page.exception
    assert len(table(page, "before")) == 8


def test_what_stands_before_the_token_ends_at_it(world):
    page = page_of_link("concepts", select=f"{NEURON}@13")
    places = firing_of(world[0], [example.prompt for example in load_examples()], 3, 7, top=8).places
    shown = table(page, "before")["before"].tolist()
    assert max(map(len, shown)) <= 14
    for text, place in zip(shown, places, strict=True):
        whole = "".join(map(visible_token, place.before))
        assert text == whole or (text.startswith("…") and whole.endswith(text[1:]))
    assert any(text.startswith("…") for text in shown)


def test_prompts_that_cannot_be_run_are_named_with_the_reason():
    page = page_of_link("concepts", select=f"{NEURON}@13")
    prompts = f"Lionel Messi plays for\n{'word ' * 200}".encode()
    page.get("file_uploader")[0].set_value(("some.txt", prompts, "text/plain")).run()
    assert not page.exception
    assert "1 of 2 prompts could not be run" in words(page)
    assert table(page, "why not")["prompt"].tolist() == [2]


def test_prompts_beyond_the_limits_are_counted_and_not_run(monkeypatch):
    limits = replace(cached._settings.limits, prompt_tokens=8)
    monkeypatch.setattr(cached, "_settings", replace(cached._settings, limits=limits))
    page = page_of_link("concepts", select=f"{NEURON}@0", prompt="A cat")
    lines = f"A dog.\n{'word ' * 9}\n{'x' * 200}".encode()
    page.get("file_uploader")[0].set_value(("long.txt", lines, "text/plain")).run()
    assert not page.exception
    assert "In your 1 prompt (2 more are longer than this dashboard takes)" in words(page)
    page.get("file_uploader")[0].set_value(
        ("all.txt", f"{'x' * 200}\n{'y' * 200}".encode(), "text/plain")
    ).run()
    assert not page.exception
    assert "In the example prompts; all 2 of your file are longer than is taken here" in words(page)
