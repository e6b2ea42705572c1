"""A measured effect as a sentence, beside what attribution says."""

from llm_tt.attribution.target import Target
from llm_tt.intervention.measuring import MeasuredEffect
from llm_tt.render.number_words import percent_text, plain_text, signed_text

_MEASURED_IN = {"logit": "logit", "logprob": "log-probability"}


def effect_sentence(effect: MeasuredEffect, target: Target, attributed: float | None) -> str:
    """What a part brings to the target: measured by taking it away, and as attributed."""
    what = "difference of logits" if target.contrast_id is not None else _MEASURED_IN[target.metric]
    said = (
        f"Without it the target's {what} goes from {plain_text(effect.before)} to {plain_text(effect.after)}"
    )
    said += (
        f" (probability {percent_text(effect.probability_before)} to {percent_text(effect.probability_after)}"
    )
    said += ")" if effect.same_top_token else "), and another token comes out on top"
    brings = f"It brings {signed_text(-effect.change)}, measured"
    if attributed is None:
        return f"{said}. {brings}."
    return f"{said}. {brings}; {signed_text(attributed)}, attributed."
