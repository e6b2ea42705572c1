"""How much is shown, in the menu and in the address."""

import pytest
from streamlit.testing.v1 import AppTest

from llm_tt.anatomy.measures import Numbers


def script(sizes: object, found: list[object]) -> None:
    from llm_tt.app.anatomy.how_much import choose_measure, chosen_numbers, offer_numbers

    measure = choose_measure()
    offer_numbers(sizes)
    found.append((measure, chosen_numbers()))


def open_page(model, **link):
    found = []
    page = AppTest.from_function(script, kwargs={"sizes": model.dimensions, "found": found})
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page, found


def test_a_newcomer_sees_the_usual_numbers(tiny_model):
    page, found = open_page(tiny_model)
    assert found == [("contribution", Numbers())]
    assert "show" not in page.query_params


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("3-1-0-9", Numbers(3, 1, 0, 9)),
        ("999-0-999-0", Numbers(32, 1, 24, 1)),
        ("1-2", Numbers()),
        ("a-b-c-d", Numbers()),
    ],
)
def test_the_address_is_brought_into_range(tiny_model, said, numbers):
    _, found = open_page(tiny_model, show=said, measure="norm")
    assert found[-1] == ("norm", numbers)


def test_sliders_change_one_number_each(tiny_model):
    page, found = open_page(tiny_model)
    page.slider(key="show-neurons").set_value(11).run()
    page.slider(key="show-outputs").set_value(0).run()
    assert found[-1][1] == Numbers(outputs=0, neurons=11)
    assert page.slider(key="show-heads").max == 4, "the model has no more"


def test_experts_have_no_slider_for_neurons(open_family):
    page, _ = open_page(open_family("Mixtral"))
    assert {slider.key for slider in page.slider} == {"show-heads", "show-keys", "show-outputs"}
