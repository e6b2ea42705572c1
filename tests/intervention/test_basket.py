"""Baskets are plain values, saved and read back; damaged, foreign and hostile files name what is wrong."""

import json

import pytest

from llm_tt.errors import InterventionError
from llm_tt.intervention.basket import LARGEST_FILE, Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Scale
from tests.intervention.kinds_of_edits import EVERY_KIND

FULL = Basket(
    tuple(
        BasketItem(edit, on=number % 2 == 0, note=name)
        for number, (name, edit) in enumerate(EVERY_KIND.items())
    )
)
HEAD, MLP = Ablate.head(2, 1), Scale.mlp(1, 0.5)


def file(*entries, **head):
    return json.dumps({"format": "llm_tt edits", "version": 1, "edits": list(entries), **head})


def test_a_basket_is_read_back_from_its_file_and_from_its_link():
    assert Basket.from_json(FULL.to_json()) == FULL
    assert Basket.from_json(b"\xef\xbb\xbf" + FULL.to_json().encode()) == FULL
    assert Basket.from_link(FULL.to_link()) == FULL
    assert Basket.from_json(Basket().to_json()) == Basket.from_link(Basket().to_link()) == Basket()


def test_a_file_says_what_it_is_and_leaves_defaults_out():
    assert json.loads(Basket().add(HEAD).to_json()) == {
        "format": "llm_tt edits",
        "version": 1,
        "edits": [{"kind": "ablate", "component": "L2H1"}],
    }


def test_edits_are_added_replaced_and_removed():
    basket = Basket().add(HEAD).add(BasketItem(MLP, on=False, note="why"))
    assert basket.active == (HEAD,)
    assert basket.replace(1, HEAD).items[1] == BasketItem(HEAD, on=False, note="why")
    assert basket.replace(1, BasketItem(MLP)).active == (HEAD, MLP)
    assert basket.remove(0).items == (BasketItem(MLP, on=False, note="why"),)
    assert len(basket.items) == 2, "every change is a new value"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no JSON text"),
        ("{", "no JSON text"),
        (b"\xff\xfe", "no JSON text"),
        ("[" * 100_000, "no JSON text"),
        ('{"format": ' + "9" * 10_000 + "}", "no JSON text"),
        ("null", "does not say that its format"),
        ("[]", "does not say that its format"),
        ('{"format": "lm-debugger"}', "does not say that its format"),
        (file(version=2), "not of version 1"),
        (file(version=True), "not of version 1"),
        (file(owner="x"), "'owner' is nothing that a file of edits has"),
        (file(edits={}), "no list of edits"),
        (file(edits="ablate"), "no list of edits"),
        (file(HEAD.to_json(), 7), "Entry 2: An edit is an object with a kind, not 7"),
        (file(HEAD.to_json(), {**HEAD.to_json(), "on": "yes"}), "Entry 2: Its `on` is neither"),
        (file({**HEAD.to_json(), "note": 3}), "Entry 1: Its note is no text"),
        (file({**HEAD.to_json(), "note": "\ud800"}), "Entry 1: The note holds half of a character"),
        (file({**HEAD.to_json(), "note": "x" * 501}), "Entry 1: A note has 501 characters"),
        (file({**MLP.to_json(), "factor": float("nan")}), "Entry 1: The factor is no finite number"),
        (file({**HEAD.to_json(), "extra": 1}), "Entry 1: 'extra' is nothing"),
        (file(*[HEAD.to_json()] * 201), "201 edits, and 200 are allowed"),
        (" " * (LARGEST_FILE + 1), "1,048,577 characters"),
    ],
)
def test_what_cannot_be_read_is_said(text, found):
    with pytest.raises(InterventionError, match=found):
        Basket.from_json(text)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("ablate:L2H1;ablate", "Entry 2: a field is missing"),
        ("ablate:L2H1;;ablate:L2H1", "Entry 2: a field is missing"),
        ("scale:L2H1:nan", "Entry 1: The factor is no finite number"),
        ("scale:L2H1:1e400", "Entry 1: The factor is no finite number"),
        ("delete:L2H1", "Entry 1: The kinds of edits are"),
        (";".join(["ablate:L2H1"] * 201), "201 edits, and 200 are allowed"),
        ("x" * (LARGEST_FILE + 1), "1,048,577 characters"),
    ],
)
def test_a_link_that_cannot_be_read_is_said(link, found):
    with pytest.raises(InterventionError, match=found):
        Basket.from_link(link)


def test_a_basket_has_its_limits():
    with pytest.raises(InterventionError, match="201 edits"):
        Basket((BasketItem(HEAD),) * 201)
    with pytest.raises(InterventionError, match="501 characters"):
        BasketItem(HEAD, note="x" * 501)
