"""Neurons that always fire, in the examples or in what was uploaded."""

import pytest

from llm_tt.anatomy.steady_neurons import steady_neurons
from llm_tt.app.anatomy import steady_view
from llm_tt.render.anatomy_tables import steady_columns
from llm_tt.settings import load_examples
from tests.app.anatomy.one_section import section_of_link
from tests.app.driving import link_of, table, words

EXAMPLES = [example.prompt for example in load_examples()]


def upload(page, *prompts):
    content = "\n".join(prompts).encode()
    return page.get("file_uploader")[0].set_value(("some.txt", content, "text/plain")).run()


def test_without_a_file_the_examples_are_read(world):
    page = section_of_link("steady")
    assert not page.exception
    assert "In the example prompts" in words(page)
    found = steady_neurons(world[0], EXAMPLES)
    assert table(page, "neuron").to_dict("list") == steady_columns(found.neurons)
    said = words(page)
    assert f"at {found.n_positions} positions, first tokens left out, of {len(EXAMPLES)} prompts" in said
    assert f"among the {found.n_strongest} of its layer" in said


def test_a_click_chooses_the_neuron(world):
    page = section_of_link("steady")
    first = steady_neurons(world[0], EXAMPLES).neurons[0]
    (frame,) = page.dataframe
    states = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id, state.string_value = frame.proto.id, '{"selection": {"rows": [0], "columns": [], "cells": []}}'
    page._run(states)
    assert not page.exception
    assert link_of(page)["select"] == f"L{first.layer}N{first.neuron}@13"


def test_uploaded_prompts_are_read_and_those_that_cannot_be_are_named(world):
    prompts = ["Lionel Messi plays for", "word " * 200, "The capital of Japan is the city of"]
    page = upload(section_of_link("steady"), *prompts)
    assert not page.exception
    assert "In your 3 prompts" in words(page)
    found = steady_neurons(world[0], [prompt.strip() for prompt in prompts])
    assert table(page, "neuron").to_dict("list") == steady_columns(found.neurons)
    assert "1 of 3 prompts could not be run" in words(page)
    assert table(page, "why not")["prompt"].tolist() == [2]


def test_many_prompts_and_large_models_wait_until_they_are_asked(monkeypatch):
    page = upload(section_of_link("steady"), *(f"Sentence number {place}" for place in range(21)))
    assert not page.dataframe
    page.button(key="run-steady").click().run()
    assert not page.exception
    assert len(page.dataframe) == 1
    monkeypatch.setattr(steady_view, "QUICK_NEURONS", 100)
    page = upload(section_of_link("steady"), "One that nobody has run yet")
    assert page.button(key="run-steady").label == "Run 1 prompt" and not page.dataframe


def test_where_none_is_found_the_nearest_are_shown():
    page = section_of_link("steady", model="untrained", prompt="Some words.")
    assert not page.exception
    assert "No neuron does so at 85 % of the positions. The nearest:" in words(page)
    assert 0 < len(table(page, "neuron")) <= 5


@pytest.mark.parametrize(("family", "has_neurons"), [("GPT-J", True), ("Mixtral", False)])
def test_a_model_without_neurons_says_so_at_once(family, has_neurons, save_family, monkeypatch):
    monkeypatch.setattr(steady_view, "QUICK_NEURONS", 10**4 if has_neurons else -1)
    page = section_of_link("steady", model=str(save_family(family)), prompt="Some words.")
    assert not page.exception
    assert ("Single neurons are not available" in words(page)) is not has_neurons
    assert bool(page.dataframe) is has_neurons


def test_prompts_of_one_token_have_nothing_to_count():
    page = upload(section_of_link("steady"), "When")
    assert not page.exception
    assert "no positions behind their first token" in words(page)
