"""Which tokens a state would predict: the logit lens."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import CapabilityError
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class TokenRanking:
    """The strongest tokens, best first; plain values, ready to be shown or compared."""

    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    """Softmax over the whole vocabulary, not only over the tokens listed."""


def rank_tokens(model: LanguageModel, state: Float[Tensor, " d_model"], *, top: int = 10) -> TokenRanking:
    """The tokens that a state of the residual stream would predict if the model stopped there.

    Raises:
        CapabilityError: this model's final norm and unembedding do not reproduce its own predictions.
    """
    if not model.self_test.has(Capability.LENS):
        raise CapabilityError(
            asked="Read a state as tokens.",
            found=f"The logit lens is switched off for {model.spec.source}: its check-up failed there.",
            remedy="The predictions themselves are right: use trace.logits.",
        )
    with torch.no_grad():
        return rank_logits(model, model.read_out(state), top=top)


def rank_logits(model: LanguageModel, logits: Float[Tensor, " d_vocab"], *, top: int = 10) -> TokenRanking:
    """The tokens with the largest logits; equal logits keep the order of the vocabulary."""
    if top < 1:
        message = f"top must be at least 1; got {top}"
        raise ValueError(message)
    if logits.isnan().any():
        message = "the logits hold NaN: the model, or the state that was read, is damaged"
        raise ValueError(message)
    logits = logits.detach().to(torch.promote_types(logits.dtype, torch.float32))
    best = torch.sort(logits, descending=True, stable=True).indices[:top]
    token_ids = tuple(best.tolist())
    return TokenRanking(
        token_ids=token_ids,
        token_strings=model.token_strings(token_ids),
        logits=tuple(logits[best].tolist()),
        probabilities=tuple(logits.softmax(-1)[best].tolist()),
    )
