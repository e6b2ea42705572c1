"""The weight of a part, and that the parts of a sum add up to it."""

import pytest

import llm_tt
from llm_tt.attribution.part_weight import weight_of
from llm_tt.tracing.parts import Part


@pytest.fixture(params=["GPT-2", "GPT-NeoX"])
def shares(request, open_family):
    model = open_family(request.param)
    return llm_tt.attribute(model, llm_tt.capture(model, "abcdef"))


def test_heads_messages_and_edges_are_sums_of_the_same_numbers(shares):
    heads = [weight_of(shares, Part.named(f"L1H{head}@5")) for head in range(4)]
    edges = [weight_of(shares, Part.named(f"L1.attention@{key}-5")) for key in range(6)]
    messages = [weight_of(shares, Part.named(f"L1H{head}@{key}-5")) for head in range(4) for key in range(6)]
    assert sum(heads) == pytest.approx(sum(messages))
    assert sum(edges) == pytest.approx(sum(messages))


def test_the_parts_of_a_state_add_up(shares):
    attention = sum(weight_of(shares, Part.named(f"L1H{head}@5")) for head in range(4))
    mlp = weight_of(shares, Part.named("L1.mlp@5"))
    post_residual = weight_of(shares, Part.named("L1.post.residual@5"))
    if shares.has_parallel_blocks:
        assert attention + mlp + post_residual + float(shares.attention_bias[1, 5]) == pytest.approx(1)
        return
    mid_residual = weight_of(shares, Part.named("L1.mid.residual@5"))
    assert attention + mid_residual + float(shares.attention_bias[1, 5]) == pytest.approx(1)
    assert mlp + post_residual + float(shares.mlp_bias[1, 5]) == pytest.approx(1)


@pytest.mark.parametrize("name", ["embed@0", "L1.post@5", "L1N3@5"])
def test_what_is_weighed_elsewhere_has_no_weight_here(shares, name):
    assert weight_of(shares, Part.named(name)) is None
