"""Both sides have the names that tell them apart."""

from dataclasses import replace

import llm_tt
from llm_tt.render.sides import label_of_side, label_of_sides, names_of_sides


def test_names(tiny_model):
    base = llm_tt.explain(tiny_model, "abcd")
    edited = llm_tt.explain(tiny_model, "abcd", edits=[llm_tt.Ablate.head(0, 1)])
    relp = llm_tt.explain(tiny_model, "abcd", "relp")
    assert names_of_sides(base, llm_tt.explain(tiny_model, "abxd")) == ("A", "B")
    assert names_of_sides(base, base) == ("A", "B")
    assert names_of_sides(base, edited) == ("base", "edited")
    assert names_of_sides(edited, base) == ("A", "B")
    assert names_of_sides(base, relp) == ("Flow", "RelP")
    assert names_of_sides(edited, relp) == ("A", "B")


def test_models_have_the_end_of_their_names(tiny_model, grouped_model):
    class Elsewhere:
        def __init__(self, source):
            self.spec = replace(tiny_model.spec, source=source)

    run = llm_tt.explain(tiny_model, "abcd")

    def of(source):
        moved = replace(run)
        object.__setattr__(moved, "model", Elsewhere(source))
        return moved

    assert names_of_sides(of("owner/one"), of("/a/secret/two")) == ("one", "two")
    assert names_of_sides(of("x/one"), of("y/one")) == ("A", "B")


def test_labels(two_runs_compared):
    first, second = two_runs_compared.first, two_runs_compared.second
    assert label_of_side(first) == "·Mary  99.99 %"
    assert label_of_sides(first, second) == "·Mary  99.99 %  →  ·John  99.98 %"
    assert label_of_sides(first, first) == "·Mary  99.99 %"
