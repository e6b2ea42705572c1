"""The layers at a position, and which one is open."""

from dataclasses import replace

import llm_tt
from llm_tt.app.overview_section import layer_to_open
from llm_tt.attribution.target import resolve_target
from llm_tt.lens.position_overview import overview_of
from tests.app.driving import page_of_link, words


def test_the_layer_that_does_most_is_open_until_one_is_chosen(tiny_model):
    trace = llm_tt.capture(tiny_model, "So it is")
    overview = overview_of(tiny_model, trace, resolve_target(tiny_model, trace))
    for changes, layer in (((0.5, -3.0), 1), ((4.0, -3.0), 0)):
        assert layer_to_open(replace(overview, attention_changes=changes, mlp_changes=(0.1, -0.5))) == layer


def test_a_chosen_part_opens_its_layer():
    for part, layer in (("L1H0@13", 1), ("L2.mlp@13", 2), ("L0.mid@13", 0)):
        assert f"##### Layer {layer} at" in words(page_of_link("trace", select=part))


def test_an_embedding_opens_no_layer_of_its_own():
    page = page_of_link("trace", select="embed@13")
    assert not page.exception
    assert "##### Layer 3 at" in words(page)
