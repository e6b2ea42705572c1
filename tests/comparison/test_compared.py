"""Two runs in all ways in which they may differ."""

from copy import copy
from dataclasses import replace

import pytest

import llm_tt
from llm_tt.comparison.compared import check_vocabulary, part_of_side
from llm_tt.errors import ComparisonError
from llm_tt.tracing.parts import Part
from tests.families.registry import FAMILIES


@pytest.mark.parametrize("family", ["GPT-2", "GPT-NeoX", "Llama, with biases", "Mixtral"])
def test_two_prompts_of_a_family(family, open_family):
    model = open_family(family)
    both = llm_tt.compare(llm_tt.explain(model, "abcd"), llm_tt.explain(model, "abxd"))
    counts = both.difference(threshold=0.02).counts
    assert counts.same + counts.changed > 0
    assert both.alignment.is_by_position
    assert both.promoted("L0H0@3").tokens


def test_families_named_here_are_there():
    assert {"GPT-2", "GPT-NeoX", "Llama, with biases", "Mixtral"} <= {family.name for family in FAMILIES}


def test_the_same_run_twice_differs_in_nothing(tiny_model):
    run = llm_tt.explain(tiny_model, "abcd", "relp")
    counts = llm_tt.compare(run, run).difference().counts
    assert counts.gained == counts.lost == counts.changed == 0
    assert counts.same > 0


def test_base_against_edited(tiny_model):
    base = llm_tt.explain(tiny_model, "abcd")
    edited = llm_tt.explain(tiny_model, "abcd", edits=[llm_tt.Ablate.head(0, 0, baseline="zero")])
    difference = llm_tt.compare(base, edited).difference(threshold=0.0)
    is_head = (difference.first.head == 0) & (difference.first.layer == 0)
    assert (difference.second.weight[is_head] == 0).all()
    assert difference.counts.lost > 0


def test_a_correction_is_kept(two_prompts):
    both = llm_tt.compare(two_prompts.first, two_prompts.second, [(1, None), (2, 3)])
    assert {(1, None), (2, 3), (3, 5)} <= set(both.alignment.columns)


def test_two_models_of_one_tokenizer(tiny_model, grouped_model):
    first, second = (llm_tt.explain(model, "abcd") for model in (tiny_model, grouped_model))
    both = llm_tt.compare(first, second)
    assert both.numbers().kl > 0
    assert both.promoted("L0H0@3").tokens
    if both.pair is None:
        with pytest.raises(ComparisonError, match="their edges are not the same ones"):
            both.difference()


def test_other_tokens_are_refused(tiny_model):
    small_world = llm_tt.load_model("small-world")
    with pytest.raises(ComparisonError, match="first one knows 3,013 tokens, the second one 300"):
        check_vocabulary(small_world, tiny_model)
    check_vocabulary(tiny_model, tiny_model)


def test_as_many_tokens_with_other_texts(tiny_model, monkeypatch):
    other = copy(tiny_model)
    other.spec = replace(tiny_model.spec, source="other")
    monkeypatch.setattr(other, "token_strings", lambda token_ids: tuple("x" for _ in token_ids))
    with pytest.raises(ComparisonError, match="different tokens"):
        check_vocabulary(tiny_model, other)


def test_parts_of_columns(two_prompts):
    alignment = two_prompts.alignment
    assert alignment.columns == ((0, 0), (1, 1), (None, 2), (None, 3), (2, 4), (3, 5))
    assert str(part_of_side(Part.named("L1H0@1-5"), alignment, 0)) == "L1H0@1-3"
    assert part_of_side(Part.named("L1H0@5"), alignment, 1) == Part("head", 1, 5, head=0)
    assert part_of_side(Part.named("L1H0@77"), alignment, 1) is None
    assert part_of_side(Part.named("L1H0@2-5"), alignment, 0) is None
