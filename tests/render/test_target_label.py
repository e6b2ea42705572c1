"""A target is one token with its probability, or two with the difference between them."""

import pytest

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.render.number_words import percent_text
from llm_tt.render.target_label import target_label


@pytest.fixture(scope="module")
def asked():
    """The small world, its trace of a prompt, and the target that is its own prediction."""
    model = llm_tt.load_model("small-world")
    trace = llm_tt.capture(model, "The capital of Japan is the city of")
    return model, trace, resolve_target(model, trace)


def test_a_target_is_said_in_a_few_characters(asked):
    model, trace, target = asked
    share = float(trace.logits[-1].softmax(-1)[target.token_id])
    assert target_label(model, trace, target=target) == f"·Tokyo  {percent_text(share)}"
    against = resolve_target(model, trace, contrast=" Paris")
    difference = float(trace.logits[-1, against.token_id] - trace.logits[-1, against.contrast_id])
    assert target_label(model, trace, trace, target=target) == (
        f"·Tokyo  {percent_text(share)} → {percent_text(share)}"
    )
    assert target_label(model, trace, target=against) == f"·Tokyo − ·Paris  {difference:+.2f}"
    backwards = resolve_target(model, trace, token=" Paris", contrast=" Tokyo")
    assert target_label(model, trace, target=backwards) == f"·Paris − ·Tokyo  −{difference:.2f}"
