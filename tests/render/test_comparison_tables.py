"""Tables of a comparison have the library's numbers."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.render.comparison_tables import (
    change_columns,
    likeness_in_words,
    number_columns,
    promoted_columns,
)


def test_numbers(two_runs_compared):
    numbers = two_runs_compared.numbers()
    columns = number_columns(numbers, ("A", "B"))
    rows = {(name, at): row for at, (name, *row) in enumerate(zip(*columns.values(), strict=True))}
    assert rows["prediction", 0] == ["·Mary", "·John", ""]
    assert rows["its logit", 3][:2] == [f"{numbers.first.measured:.2f}", f"{numbers.second.measured:.2f}"]
    assert rows["edges", 6][:2] == [str(numbers.first.n_edges), str(numbers.second.n_edges)]
    assert rows["edges", 6][2].replace("−", "-") == f"{numbers.second.n_edges - numbers.first.n_edges:+d}"
    assert rows["its probability", 4][2] in ("0.0 points", "+0.0 points")


def test_a_contrast_on_one_side_alone_has_no_change(world_model):
    text = "When Mary and John went to the store, John gave a drink to"
    first = llm_tt.explain(world_model, text, "relp", target_token=" Mary", contrast_token=" John")
    columns = number_columns(
        llm_tt.compare(first, llm_tt.explain(world_model, text, "relp")).numbers(), ("A", "B")
    )
    row = columns[""].index("explained")
    assert columns["change"][row] == ""
    assert columns["A"][2] == "·Mary − ·John"
    both = number_columns(llm_tt.compare(first, first).numbers(), ("A", "B"))
    assert "difference of logits" in both[""]


def test_likeness(two_runs_compared):
    numbers = two_runs_compared.numbers()
    said = likeness_in_words(numbers)
    assert f"KL {numbers.kl:.3g} nats" in said
    assert f"{100 * numbers.likeness.overlap:.0f} % of the edges in both" in said
    assert "other sizes" in likeness_in_words(replace(numbers, likeness=None))
    nothing = replace(numbers.likeness, overlap=None, edge_correlation=None, component_correlation=None)
    assert likeness_in_words(replace(numbers, likeness=nothing)) == f"KL {numbers.kl:.3g} nats."


def test_changes_and_shares_in_per_cent(two_runs_compared):
    changes = two_runs_compared.numbers().likeness.largest_changes
    labels = [f"token {at}" for at in range(len(two_runs_compared.alignment))]
    columns = change_columns(changes, labels, ("A", "B"), "logits")
    assert columns["change"] == pytest.approx([one.second - one.first for one in changes])
    assert columns["at"][0] == f"token {changes[0].part.position}"
    assert change_columns(changes, labels, ("A", "B"), None)["A"] == pytest.approx(
        [100 * one.first for one in changes]
    )


def test_promoted(two_runs_compared):
    found = two_runs_compared.promoted("L2H3@14", top=3)
    columns = promoted_columns(found, ("A", "B"))
    assert columns["change"] == [token.change for token in found.tokens]
    assert columns["rank B"] == [token.second_rank for token in found.tokens]
    assert len(columns["token"]) == len(found.tokens)
