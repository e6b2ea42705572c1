"""Which tokens a state would predict: the logit lens."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.errors import CapabilityError
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.notebook import ShownInNotebooks


@dataclass(frozen=True, slots=True)
class TokenRanking(ShownInNotebooks):
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
    check_lens(model)
    with torch.no_grad():
        return rank_logits(model, model.read_out(state), top=top)


def check_lens(model: LanguageModel) -> None:
    """Refuse to read vectors as tokens where the check-up could not verify it.

    Raises:
        CapabilityError: this model's final norm and unembedding do not reproduce its own predictions.
    """
    if not model.self_test.has(Capability.LENS):
        raise CapabilityError(
            asked="Read a state as tokens.",
            found=f"The logit lens is switched off for {model.spec.source}: its check-up failed there.",
            remedy="The predictions themselves are right: use trace.logits.",
        )


def rank_logits(model: LanguageModel, logits: Float[Tensor, " d_vocab"], *, top: int = 10) -> TokenRanking:
    """The tokens with the largest logits; equal logits keep the order of the vocabulary."""
    logits = logits.detach().to(torch.promote_types(logits.dtype, torch.float32))
    best = strongest_tokens(logits, top)
    token_ids = tuple(best.tolist())
    return TokenRanking(
        token_ids=token_ids,
        token_strings=model.token_strings(token_ids),
        logits=tuple(logits[best].tolist()),
        probabilities=tuple(logits.softmax(-1)[best].tolist()),
    )


def strongest_tokens(numbers: Float[Tensor, "*row d_vocab"], top: int) -> Int[Tensor, "*row top"]:
    """The ids of the largest numbers of each row, best first; equal ones keep the order of the vocabulary."""
    if top < 1:
        message = f"top must be at least 1; got {top}"
        raise ValueError(message)
    if numbers.isnan().any():
        message = "the logits hold NaN: the model, or the state that was read, is damaged"
        raise ValueError(message)
    best = numbers.topk(min(top, numbers.shape[-1]))
    limit = best.values[..., -1:]
    if ((numbers >= limit).sum(-1) > best.indices.shape[-1]).any():
        # `topk` chooses freely among equal numbers; a sort of everything is slower, and does not.
        order = numbers.sort(dim=-1, descending=True, stable=True).indices
        return order[..., : best.indices.shape[-1]]
    in_vocabulary_order = best.indices.sort(-1).values
    found = numbers.gather(-1, in_vocabulary_order)
    return in_vocabulary_order.gather(-1, found.sort(dim=-1, descending=True, stable=True).indices)


def ranks_of(logits: Float[Tensor, " d_vocab"], token_ids: Sequence[int]) -> tuple[int, ...]:
    """The place of each token, 1 for the best, as `rank_logits` would list them."""
    places = torch.arange(len(logits), device=logits.device)
    ranks = []
    for token_id in token_ids:
        own = logits[token_id]
        ahead = (logits > own) | ((logits == own) & (places < token_id))
        ranks.append(1 + int(ahead.sum()))
    return tuple(ranks)
