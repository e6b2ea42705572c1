"""What is explained, in a few characters."""

from typing import Final

from llm_tt.attribution.target import Target
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace

MINUS: Final = "\N{MINUS SIGN}"


def target_label(model: LanguageModel, *traces: ForwardTrace, target: Target) -> str:
    """The target in a few characters: a token with its probability, or against another; in one run or two."""
    (token,) = model.token_strings([target.token_id])
    rows = [trace.logits[target.position] for trace in traces]
    if target.contrast_id is None:
        numbers = [f"{float(logits.softmax(-1)[target.token_id]):.1%}" for logits in rows]
        return f"{visible_token(token)}  {' → '.join(numbers)}"
    (contrast,) = model.token_strings([target.contrast_id])
    numbers = [f"{float(target.measure(logits)):+.2f}".replace("-", MINUS) for logits in rows]
    return f"{visible_token(token)} {MINUS} {visible_token(contrast)}  {' → '.join(numbers)}"
