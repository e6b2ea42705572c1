"""Norms on a page: the numbers of the library, of the layer and norm that were chosen."""

import pytest

from llm_tt.anatomy.norm_effect import norm_effect
from llm_tt.app.percent import in_percent
from llm_tt.render.anatomy_tables import norm_columns
from tests.app.anatomy.one_section import section_of_link
from tests.app.driving import choice_of, choose_label, words


def check_tables(page, effect):
    """Four tables and one line."""
    assert not page.exception
    shown = [frame.value.to_dict("list") for frame in page.dataframe]
    assert shown == [in_percent(columns, "prob.") for columns in norm_columns(effect).values()]
    said = words(page)
    assert f"ntropy {effect.entropy_before:.2f} nats before, {effect.entropy_after:.2f} behind" in said
    assert f"{effect.divergence:.3g} nats apart" in said


def test_a_layer_a_norm_and_a_place_are_chosen(world):
    model, trace, _ = world
    page = section_of_link("norms")
    check_tables(page, norm_effect(model, trace, 1, "attention", 13))  # the first of the layers shown
    page.selectbox(key="norm-layer").select(3).run()
    check_tables(page, norm_effect(model, trace, 3, "attention", 13))
    choice_of(page, "norm-of-layer").set_value("mlp").run()
    check_tables(page, norm_effect(model, trace, 3, "mlp", 13))
    assert "On average" not in words(page)
    choice_of(page, "norm-where").set_value("prompt").run()
    check_tables(page, norm_effect(model, trace, 3, "mlp", None))
    assert "On average over the prompt" in words(page)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("GPT-J", "One norm serves attention and MLP of this layer."),
        ("Mixtral", "nats apart."),
        ("OLMo 2", "has no norm there: its attention reads the state as it is."),
    ],
)
def test_every_family_says_what_it_has(family, said, save_family):
    page = section_of_link("norms", model=str(save_family(family)), prompt="Some words.")
    assert not page.exception
    assert said in words(page)
    assert len(page.dataframe) == (0 if family == "OLMo 2" else 4)
    assert page.selectbox(key="norm-layer").value == 1


def test_a_model_with_fewer_layers_begins_with_one_that_it_has(save_family):
    page = section_of_link("norms")
    page.selectbox(key="norm-layer").select(3).run()
    page = choose_label(page, "model", str(save_family("GPT-2")))
    assert not page.exception
    assert page.selectbox(key="norm-layer").value == 1
    assert len(page.dataframe) == 4
