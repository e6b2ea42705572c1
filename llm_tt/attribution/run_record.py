"""`RunRecord`: what contributions and graphs tell of their run when model and trace are gone."""

from dataclasses import dataclass
from typing import Final

import torch

from llm_tt.attribution.target import Target
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says after one position."""

    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A target in words."""

    token: str
    contrast: str | None
    value: float
    """The token's probability; with a contrast, the difference of the logits."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Plain values, so that they go into files as they are; empty where numbers were made by hand."""

    model: str = ""
    """Where it came from: what `load_model` was given."""
    is_edited: bool = False
    """Whether an intervention took part."""
    edits: tuple[str, ...] = ()
    """What was changed, in sentences."""
    predictions: tuple[Prediction, ...] = ()
    """One for each position."""
    explained: Explained | None = None
    """None for methods that ask for no target."""


NO_RECORD: Final = RunRecord()


def record_of(model: LanguageModel, trace: ForwardTrace, target: Target | None) -> RunRecord:
    """The record of a pass, and of the target that was explained."""
    best = trace.logits.argmax(-1)
    largest = trace.logits.gather(-1, best[:, None])[:, 0]
    # A row at a time: over all of them at once, a second set of logits would be held.
    totals = torch.stack([row.logsumexp(-1) for row in trace.logits])
    probabilities = (largest - totals).exp()
    said = zip(model.token_strings(best.tolist()), probabilities.tolist(), strict=True)
    return RunRecord(
        model=model.spec.source,
        is_edited=trace.changes is not None,
        edits=() if trace.changes is None else trace.changes.in_words(),
        predictions=tuple(Prediction(token, probability) for token, probability in said),
        explained=None if target is None else explained_of(model, trace, target),
    )


def explained_of(model: LanguageModel, trace: ForwardTrace, target: Target) -> Explained:
    """A target in words, with its number in this pass."""
    logits = trace.logits[target.position]
    (token,) = model.token_strings([target.token_id])
    if target.contrast_id is None:
        return Explained(token, None, float(logits.softmax(-1)[target.token_id]))
    (contrast,) = model.token_strings([target.contrast_id])
    return Explained(token, contrast, float(target.measure(logits)))
