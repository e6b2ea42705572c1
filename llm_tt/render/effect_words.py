"""A measured effect as a sentence, beside what attribution says."""

from llm_tt.attribution.target import Target
from llm_tt.intervention.measuring import MeasuredEffect

_MEASURED_IN = {"logit": "logit", "logprob": "log-probability"}


def effect_sentence(effect: MeasuredEffect, target: Target, attributed: float | None) -> str:
    """What a part brings to the target: measured by taking it away, and as attributed."""
    what = "difference of logits" if target.contrast_id is not None else _MEASURED_IN[target.metric]
    said = f"Without it the target's {what} goes from {effect.before:.2f} to {effect.after:.2f}"
    said += f" (probability {effect.probability_before:.1%} to {effect.probability_after:.1%}"
    said += ")" if effect.same_top_token else "), and another token comes out on top"
    brings = f"It brings {-effect.change:+.2f}, measured"
    if attributed is None:
        return f"{said}. {brings}."
    return f"{said}. {brings}; {attributed:+.2f}, attributed."
