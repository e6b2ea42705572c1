"""A measured effect beside the attributed one."""

from llm_tt.attribution.target import Target
from llm_tt.intervention.measuring import MeasuredEffect
from llm_tt.render.effect_words import effect_sentence

EFFECT = MeasuredEffect(9.5, 8.25, 0.9, 0.4, same_top_token=True, kl=0.3)


def test_what_is_lost_is_what_it_brings():
    said = effect_sentence(EFFECT, Target(3, 1, None, "logit"), 1.5)
    assert "logit goes from 9.50 to 8.25 (probability 90.0 % to 40.0 %)" in said
    assert said.endswith("It brings +1.25, measured; +1.50, attributed.")


def test_without_an_attribution_only_what_is_measured():
    said = effect_sentence(EFFECT, Target(3, 1, 2, "logit"), None)
    assert "difference of logits" in said
    assert said.endswith("It brings +1.25, measured.")


def test_another_prediction_is_said():
    flipped = MeasuredEffect(9.5, 8.25, 0.9, 0.4, same_top_token=False, kl=0.3)
    said = effect_sentence(flipped, Target(3, 1, None, "logprob"), None)
    assert "log-probability" in said
    assert "another token comes out on top" in said
