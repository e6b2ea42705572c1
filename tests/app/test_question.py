"""The row above the graph: method, target, contrast and comparison, in the link and out of it."""

import pytest

import llm_tt
from llm_tt.app.question import OFFERED
from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.attribution.target import token_id_of
from llm_tt.graph.building import build_graph
from llm_tt.render.number_words import percent_text
from tests.app.driving import (
    FAILED,
    choice_of,
    choose_label,
    click,
    graph_of,
    link_of,
    menu_of,
    page_of_link,
    words,
)

PROMPT = "When Mary and John went to the store, John gave a drink to"


@pytest.fixture
def page():
    return page_of_link(prompt=PROMPT)


def chosen_target(page) -> str:
    """The token that is explained, as the graph writes it."""
    return graph_of(page)["targetLabel"].rpartition("  ")[0]


def test_a_link_opens_its_whole_question():
    link = {"method": "gradact", "compare": "relp", "token": "·John", "contrast": "·Mary", "at": "12"}
    page = page_of_link(prompt=PROMPT, **link)
    assert FAILED not in words(page)
    graph = graph_of(page)
    assert (graph["method"], graph["other"]["method"]) == ("gradact", "relp")
    assert graph["targetPosition"] == 12
    assert graph["unit"] == "to the difference of logits"
    assert chosen_target(page) == "·John − ·Mary"
    assert link_of(page) == link


def test_the_graph_is_the_librarys_for_the_same_question():
    page = page_of_link(prompt=PROMPT, method="relp", token="·John", contrast="·Mary")
    model = llm_tt.load_model("small-world")
    shares = llm_tt.attribute(
        model, llm_tt.capture(model, PROMPT), "relp", target_token=" John", contrast_token=" Mary"
    )
    graph = build_graph(shares)
    assert graph_of(page)["edges"] == graph.prune(threshold=0.0).n_edges
    reaching = float(abs(graph.weight[graph.survival > 0]).sum(dtype="float64"))
    assert graph_of(page)["reachingMass"] == pytest.approx(reaching, rel=1e-9)


@pytest.mark.parametrize("method", ["dla", "patching", "", "<b>"])
def test_a_method_that_is_not_offered_is_passed_over(method):
    page = page_of_link(prompt=PROMPT, method=method, compare=method)
    assert FAILED not in words(page)
    assert link_of(page) == {"method": "ifr"}


def test_every_method_that_is_offered_draws(page):
    for method in OFFERED:
        choice_of(page, "method").set_value(method).run()
        assert FAILED not in words(page)
        assert graph_of(page)["methodLabel"] == METHOD_LABELS[method]
        assert link_of(page)["method"] == method


def test_another_method_is_compared_until_it_is_the_method_itself(page):
    others = [METHOD_LABELS[name] for name in OFFERED if name != "ifr"]
    assert menu_of(page, "compare").options == others
    menu_of(page, "compare").set_value("relp").run()
    other = graph_of(page)["other"]
    assert other == {"method": "relp", "label": "RelP", "signed": True, "floor": 0, "run": None}
    assert link_of(page)["compare"] == "relp"
    choice_of(page, "method").set_value("relp").run()
    assert FAILED not in words(page)
    assert graph_of(page)["other"] is None
    assert menu_of(page, "compare").options == ["Flow", "Gradient"]
    assert link_of(page) == {"method": "relp"}
    assert page_of_link(prompt=PROMPT, method="relp", compare="relp").query_params.get("compare") is None


def test_the_menus_offer_what_the_model_finds_most_likely(page):
    model = llm_tt.load_model("small-world")
    best = llm_tt.capture(model, PROMPT).logits[-1].softmax(-1).topk(12)
    tokens = model.token_strings(best.indices.tolist())
    names = [token.replace(" ", "·") if token.startswith(" ") else f'"{token}"' for token in tokens]
    assert sorted({name[0] for name in names}) == ['"', "·"]
    expected = [f"{name}  {percent_text(share)}" for name, share in zip(names, best.values, strict=True)]
    assert menu_of(page, "token").options == expected
    assert menu_of(page, "contrast").options == expected


@pytest.mark.parametrize("menu", ["token", "contrast"])
def test_naming_a_token_turns_flow_into_a_method_that_knows_it(page, menu):
    choose_label(page, menu, menu_of(page, menu).options[1])
    assert graph_of(page)["method"] == "relp"
    assert link_of(page) == {"method": "relp", menu: "·Tom"}
    choose_label(page, menu, "·Eva")
    choice_of(page, "method").set_value("ifr").run()
    assert graph_of(page)["method"] == "ifr"  # whoever wants Flow gets it
    assert link_of(page) == {"method": "ifr", menu: "·Eva"}


def test_a_signed_method_stays_when_a_token_is_named_or_taken_back(page):
    choice_of(page, "method").set_value("gradact").run()
    choose_label(page, "token", "·Tom")
    assert link_of(page) == {"method": "gradact", "token": "·Tom"}
    menu_of(page, "token").set_value(None).run()
    assert link_of(page) == {"method": "gradact"}
    assert chosen_target(page) == "·Mary"


@pytest.mark.parametrize(
    ("typed", "meant"), [("·John", "·John"), (" John", "·John"), ("John", "·John"), ('"John"', "John")]
)
def test_a_token_is_typed_with_a_dot_or_a_space_in_front_or_without(page, typed, meant):
    choose_label(page, "token", typed)
    assert FAILED not in words(page)
    assert chosen_target(page) == meant
    link = page_of_link(prompt=PROMPT, method="relp", token=page.query_params["token"])
    assert chosen_target(link) == meant


def test_a_word_that_is_only_a_token_behind_a_space_is_found(page):
    model = llm_tt.load_model("small-world")
    assert len(model.tokenize("drink").token_ids) > 1
    assert len(model.tokenize(" drink").token_ids) == 1
    choose_label(page, "token", "drink")
    assert FAILED not in words(page)
    assert chosen_target(page) == "·drink"


@pytest.mark.parametrize("typed", ["Mary John", "·Mary·John", "xyzzy", "**b**", "😀😀"])
def test_what_is_no_token_is_said_and_the_prediction_stands_in(page, typed):
    choose_label(page, "token", typed)
    assert not page.exception
    assert words(page).count(FAILED) == 1
    assert "not one token" in words(page)
    assert chosen_target(page) == "·Mary"
    menu_of(page, "token").set_value(None).run()
    assert FAILED not in words(page)


def test_a_token_against_itself_is_said():
    page = page_of_link(prompt=PROMPT, method="relp", token="·John", contrast=" John")
    assert words(page).count(FAILED) == 1
    assert "the same token" in words(page)
    assert chosen_target(page) == "·Mary"


def test_a_chosen_token_stays_chosen_where_it_has_another_probability(page):
    menu = menu_of(page, "token").options
    choose_label(page, "token", menu[0])
    for position in (12, 5, 13):
        click(page, "target", position=position)
        assert FAILED not in words(page)
        box = menu_of(page, "token")
        assert box.value == "·Mary"
        # The browser learns the label that the token has here; it would send the old one for ever.
        assert box.proto.set_value
        assert box.proto.raw_value in (*box.options, "·Mary")
    click(page, "target", position=5)
    choose_label(page, "token", menu[0])  # a browser that has not learned it yet
    assert FAILED not in words(page)
    assert (menu_of(page, "token").value, link_of(page)["token"]) == ("·Mary", "·Mary")


def test_a_predicted_piece_of_a_character_can_be_chosen():
    page = page_of_link(model="untrained", prompt="bytes")
    options = menu_of(page, "token").options
    piece = next(option for option in options if option.startswith('"<0x'))
    choose_label(page, "token", piece)
    assert FAILED not in words(page)
    assert graph_of(page)["targetLabel"].replace("  ", " ") == piece.replace('"', "").replace("  ", " ")


def test_a_chosen_token_is_the_same_one_at_another_position():
    """Though the one with a space is likelier there, which the text alone would mean."""
    model = llm_tt.load_model("small-world")
    prompt = "x = [1, 2, 3]; for y in x: print(y)"
    logits = llm_tt.capture(model, prompt).logits[
        :, [token_id_of(model, "Russia"), token_id_of(model, " Russia")]
    ]
    assert logits[-1, 0] > logits[-1, 1]
    assert logits[1, 0] < logits[1, 1]
    page = page_of_link(prompt=prompt, method="relp")
    line = next(option for option in menu_of(page, "token").options if option.startswith('"Russia"'))
    choose_label(page, "token", line)
    assert chosen_target(page) == "Russia"
    click(page, "target", position=1)
    assert link_of(page)["at"] == "1"
    assert chosen_target(page) == "Russia"
    assert link_of(page)["token"] == '"Russia"'


def test_a_line_break_can_be_chosen_and_typed():
    page = page_of_link(model="untrained", prompt="bytes", method="relp", token="⏎")
    assert FAILED not in words(page)
    assert chosen_target(page) == "⏎"


def test_a_token_named_on_another_page_is_explained_on_this_one_too():
    page = page_of_link("anatomy", prompt=PROMPT)
    menu_of(page, "contrast").set_value("·John").run()
    assert page.session_state["method"] == "relp"
