"""Layers in the session, the slider and the address."""

import pytest
from streamlit.testing.v1 import AppTest


def script(n_layers: int, otherwise: int, shown: list[range]) -> None:
    from llm_tt.app.anatomy.chosen_layers import chosen_layers, offer_layers

    layers = chosen_layers(n_layers, otherwise)
    offer_layers(n_layers, layers)
    shown.append(layers)


def open_page(n_layers=12, otherwise=7, **link):
    shown = []
    kwargs = {"n_layers": n_layers, "otherwise": otherwise, "shown": shown}
    page = AppTest.from_function(script, kwargs=kwargs)
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page, shown


def test_until_one_is_chosen_it_is_the_usual_one():
    page, shown = open_page()
    assert shown == [range(7, 8)]
    assert "drawn" not in page.query_params


@pytest.mark.parametrize(
    ("said", "layers"),
    [
        ("3", range(3, 4)),
        ("3-5", range(3, 6)),
        ("1-9", range(7, 10)),
        ("5-2", range(5, 6)),
        ("99", range(11, 12)),
        ("10-12", range(9, 12)),
        ("none", range(7, 8)),
        ("", range(7, 8)),
        ("-3", range(7, 8)),
    ],
)
def test_the_address_is_believed_as_far_as_there_are_such_layers(said, layers):
    _, shown = open_page(drawn=said)
    assert shown == [layers]


def test_the_slider_and_the_number_beside_it():
    page, shown = open_page()
    page.slider[0].set_value(4).run()
    assert shown[-1] == range(4, 5)
    page.button_group[0].set_value(3).run()
    assert shown[-1] == range(2, 5)
    assert page.query_params["drawn"] == ["2-4"] or page.query_params["drawn"] == "2-4"
    page.slider[0].set_value(1).run()
    assert shown[-1] == range(3), "three layers, as far down as there are any"


def test_a_model_of_one_layer_has_no_slider():
    page, shown = open_page(n_layers=1, otherwise=0, drawn="2-3")
    assert shown == [range(1)]
    assert not page.slider
