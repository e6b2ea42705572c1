"""What a component promotes in both runs, against `promoted_tokens` of each."""

import pytest
import torch

import llm_tt
from llm_tt.comparison.promoted import promoted_difference
from llm_tt.errors import ComparisonError, TargetError
from llm_tt.tracing.parts import Part


@pytest.mark.parametrize("name", ["L1H0@4", "L0.mlp@5", "L1N3@4", "L0.post@0", "L1H1@1-5"])
def test_tokens_are_those_of_both_runs(two_prompts, name):
    sides = [two_prompts.part(Part.named(name), side) for side in (0, 1)]
    found = two_prompts.promoted(name, top=4)
    assert (found.first_part, found.second_part) == tuple(sides)
    told = {token.token_id: token for token in found.tokens}
    for run, part, which in zip(
        (two_prompts.first, two_prompts.second), sides, ("first", "second"), strict=True
    ):
        vector = llm_tt.written_by(run.model, run.trace, part)
        promotion = llm_tt.promoted_tokens(run.model, run.trace, vector, part.position, top=1000)
        changes = dict(zip(promotion.promoted.token_ids, promotion.promoted.changes, strict=True))
        for rank, token_id in enumerate(promotion.promoted.token_ids, start=1):
            if rank <= 4:
                assert getattr(told[token_id], f"{which}_rank") == rank
            if token_id in told:
                assert getattr(told[token_id], which) == pytest.approx(changes[token_id])
    moved = [abs(token.second - token.first) for token in found.tokens]
    assert moved == sorted(moved, reverse=True)


def test_the_largest_change_is_among_them(two_prompts):
    found = two_prompts.promoted("L0.mlp@4", top=1)
    vectors = [run.trace.mlp_out[0, at] for run, at in ((two_prompts.first, 2), (two_prompts.second, 4))]
    changes = [
        run.model.read_part(vector, run.trace.final_norm_scale[at])
        for run, vector, at in zip((two_prompts.first, two_prompts.second), vectors, (2, 4), strict=True)
    ]
    assert two_prompts.alignment.columns[4] == (2, 4)
    assert abs(found.tokens[0].change) == pytest.approx(float((changes[1] - changes[0]).abs().max()))


def test_a_side_without_that_column(two_prompts):
    alone = two_prompts.alignment.columns.index((None, 2))
    found = two_prompts.promoted(f"L1H0@{alone}", top=3)
    assert found.first_part is None
    assert all(
        token.first is token.first_rank is None and token.change == token.second for token in found.tokens
    )
    with pytest.raises(ComparisonError, match="Neither prompt has it"):
        promoted_difference(two_prompts.first, two_prompts.second, (None, None))
    with pytest.raises(ComparisonError, match="Neither prompt has it"):
        two_prompts.promoted("L1H0@99")
    with pytest.raises(TargetError):
        two_prompts.promoted("L9H0@0")


def test_a_run_beside_itself_changes_nothing(tiny_model):
    run = llm_tt.explain(tiny_model, "abcd")
    found = llm_tt.compare(run, run).promoted("L1H0@3")
    assert {token.change for token in found.tokens} == {0}
    assert torch.isfinite(torch.tensor([token.first for token in found.tokens])).all()
