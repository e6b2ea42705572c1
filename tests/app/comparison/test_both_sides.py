"""What is kept of a comparison is the library's, under a key that holds all of it."""

from dataclasses import replace

import llm_tt
from llm_tt.app.cached import Run
from llm_tt.app.comparison.both_sides import (
    BothSides,
    OneSide,
    compared,
    numbers_of_both,
    payload_of_difference,
    payload_of_sides,
)
from llm_tt.attribution.target import Target
from llm_tt.model.spec import ModelSpec
from tests.app.comparison.comparing import FIRST, OTHER, header_of

SIDES = [
    OneSide(Run(ModelSpec("small-world"), text), "relp", Target(13, 0, None, "logit"))
    for text in (FIRST, OTHER)
]
BOTH = BothSides(*SIDES)


def test_the_comparison_is_the_librarys_and_made_once():
    found = compared(BOTH)
    assert compared(BOTH) is found
    model = llm_tt.load_model("small-world")
    token = {"target_token": 0}
    expected = llm_tt.compare(
        llm_tt.explain(model, FIRST, "relp", **token), llm_tt.explain(model, OTHER, "relp", **token)
    )
    assert found.difference(0.1).counts == expected.difference(0.1).counts
    assert numbers_of_both(BOTH) is numbers_of_both(BOTH)
    assert numbers_of_both(BOTH).kl == found.numbers().kl


def test_names_tell_apart_what_differs():
    others = [
        BothSides(SIDES[1], SIDES[0]),
        replace(BOTH, pairs=((1, 1),)),
        replace(BOTH, second=replace(SIDES[1], method="gradact")),
        replace(BOTH, second=replace(SIDES[1], target=Target(12, 0, None, "logit"))),
    ]
    assert len({both.name for both in [BOTH, *others]}) == 5


def test_bytes():
    assert header_of(payload_of_difference(BOTH))["run"] == BOTH.name
    header = header_of(payload_of_sides(BOTH))
    assert header["name"] == BOTH.name
    same = header_of(payload_of_sides(BothSides(SIDES[0], SIDES[0])))
    assert same["columns"] == header["columns"]
