"""What is explained, in a few characters."""

from llm_tt.attribution.run_record import Explained, explained_of
from llm_tt.attribution.target import Target
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.number_words import MINUS, percent_text, signed_text
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace


def target_label(model: LanguageModel, *traces: ForwardTrace, target: Target) -> str:
    """The target of a run, or of two: its number in both."""
    return label_of(*(explained_of(model, trace, target) for trace in traces))


def label_of(*runs: Explained) -> str:
    """The target in a few characters: a token with its probability, or against another; in one run or two."""
    token, contrast = visible_token(runs[0].token), runs[0].contrast
    if contrast is None:
        return f"{token}  {' → '.join(percent_text(run.value) for run in runs)}"
    numbers = [signed_text(run.value) for run in runs]
    return f"{token} {MINUS} {visible_token(contrast)}  {' → '.join(numbers)}"
