"""What is explained, in a few characters."""

from typing import Final

from llm_tt.attribution.run_record import Explained, explained_of
from llm_tt.attribution.target import Target
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace

MINUS: Final = "\N{MINUS SIGN}"


def target_label(model: LanguageModel, *traces: ForwardTrace, target: Target) -> str:
    """The target of a run, or of two: its number in both."""
    return label_of(*(explained_of(model, trace, target) for trace in traces))


def label_of(*runs: Explained) -> str:
    """The target in a few characters: a token with its probability, or against another; in one run or two."""
    token, contrast = visible_token(runs[0].token), runs[0].contrast
    if contrast is None:
        return f"{token}  {' → '.join(f'{run.value:.1%}' for run in runs)}"
    numbers = [f"{run.value:+.2f}".replace("-", MINUS) for run in runs]
    return f"{token} {MINUS} {visible_token(contrast)}  {' → '.join(numbers)}"
