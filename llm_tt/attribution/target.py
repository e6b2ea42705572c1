"""What an attribution explains: one prediction, as a number that has a gradient."""

from dataclasses import dataclass
from typing import Final, Literal

from jaxtyping import Float
from torch import Tensor

from llm_tt.axes import ResidualStream
from llm_tt.errors import TargetError
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

Metric = Literal["logit", "logprob"]

LONGEST_TOKEN: Final = 500
"""Characters; some vocabularies have runs of a hundred spaces."""


@dataclass(frozen=True, slots=True)
class Target:
    """A token at a position, if wanted against another token; a plain value."""

    position: int
    """From 0, never negative."""
    token_id: int
    contrast_id: int | None
    metric: Metric

    def measure(self, logits: Float[Tensor, "*batch d_vocab"]) -> Float[Tensor, "*batch"]:
        """The number: a logit, a difference of two logits, or a log-probability.

        The difference of two log-probabilities is the difference of the logits.
        """
        if self.contrast_id is not None:
            return logits[..., self.token_id] - logits[..., self.contrast_id]
        if self.metric == "logprob":
            return logits[..., self.token_id] - logits.logsumexp(-1)
        return logits[..., self.token_id]


@dataclass(frozen=True, slots=True, eq=False)
class TargetGradients:
    """How the target changes with each state, under a method's rules; 0 behind the target's position."""

    pre: ResidualStream
    mid: ResidualStream | None
    """None where a block adds attention and MLP at once."""
    post: ResidualStream


def resolve_position(trace: ForwardTrace, position: int) -> int:
    """A position counted from either end, as one from 0.

    Raises:
        TargetError: it is outside the prompt.
    """
    length = len(trace.prompt)
    if not -length <= position < length:
        raise TargetError(
            asked=f"Explain the prediction at position {position}.",
            found=f"The prompt has {length} tokens.",
            remedy=f"Choose a position from 0 to {length - 1}, or from -{length} to -1.",
        )
    return position % length


def resolve_target(  # noqa: PLR0913 (the parts of a target)
    model: LanguageModel,
    trace: ForwardTrace,
    *,
    position: int = -1,
    token: int | str | None = None,
    contrast: int | str | None = None,
    metric: str = "logit",
) -> Target:
    """A target from what a person says; without a token it is the model's own prediction.

    Raises:
        TargetError: a position outside the prompt, a text that is no single token of this model, an id
            outside the vocabulary, or a contrast equal to the token.
    """
    known_metric = _known_metric(metric)
    position = resolve_position(trace, position)
    logits = trace.logits[position]
    token_id = int(logits.argmax()) if token is None else token_id_of(model, token)
    contrast_id = None if contrast is None else token_id_of(model, contrast)
    if contrast_id == token_id:
        (string,) = model.token_strings([token_id])
        raise TargetError(
            asked=f"Explain {string!r} against {string!r}.",
            found="Target and contrast are the same token: their difference is always 0.",
            remedy="Choose another contrast, or none.",
        )
    return Target(position, token_id, contrast_id, known_metric)


def token_id_of(model: LanguageModel, token: int | str) -> int:
    """The id of a token given as id or as text.

    Raises:
        TargetError: the text is not exactly one token, or there is no such id.
    """
    if isinstance(token, int):
        if not 0 <= token < model.dimensions.d_vocab:
            raise TargetError(
                asked=f"Explain token number {token}.",
                found=f"{model.spec.source} knows the tokens 0 to {model.dimensions.d_vocab - 1}.",
                remedy="Choose one of these, or give the token as text.",
            )
        return token
    if len(token) > LONGEST_TOKEN:
        raise TargetError(
            asked=f"Explain {f'{token[:20]}…'!r}.",
            found=f"It has {len(token):,} characters, more than any token has.",
            remedy="Type a token.",
        )
    prompt = model.tokenize(token)
    typed = [
        token_id for place, token_id in enumerate(prompt.token_ids) if place not in prompt.added_positions
    ]
    if len(typed) == 1:
        return typed[0]
    pieces = [s for place, s in enumerate(prompt.token_strings) if place not in prompt.added_positions]
    raise TargetError(
        asked=f"Explain {token!r}.",
        found=f"In {model.spec.source} this is {_counted(pieces)}, not one token.",
        remedy=_remedy(model, token, pieces),
    )


def _known_metric(metric: str) -> Metric:
    if metric == "logit":
        return "logit"
    if metric == "logprob":
        return "logprob"
    raise TargetError(
        asked=f"Measure the prediction as {metric!r}.",
        found="A prediction is measured as a logit or as a log-probability.",
        remedy='Say metric="logit" or metric="logprob".',
    )


def _counted(pieces: list[str]) -> str:
    return "no token" if not pieces else f"{len(pieces)} tokens ({', '.join(map(repr, pieces))})"


def _remedy(model: LanguageModel, token: str, pieces: list[str]) -> str:
    """Most often only the leading space is missing."""
    if not pieces:
        return "Type a token."
    spaced = model.tokenize(f" {token.strip()}")
    if len(spaced.token_ids) - len(spaced.added_positions) == 1:
        return f"Did you mean {' ' + token.strip()!r}, with a space in front?"
    return f"Choose its first token, {pieces[0]!r}, or another single token."
