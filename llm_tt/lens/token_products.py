"""Every token's embedding along some directions, and the divisors that norms give them.

Divisors and lengths are the same for all heads, so they are kept for each model as long as it lives:
one number a token; and so are the tokens' strings. Everything else is computed when it is asked for.
"""

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.frozen_norm import FrozenNorm
from llm_tt.model.language_model import LanguageModel

NUMBERS_AT_ONCE = 1 << 23
"""Of the embedding, while it is normed: 32 MiB in single precision."""

Key = tuple[object, ...]

_strings: WeakKeyDictionary[LanguageModel, tuple[str, ...]] = WeakKeyDictionary()
_kept: WeakKeyDictionary[LanguageModel, dict[Key, Tensor]] = WeakKeyDictionary()


def token_blocks(model: LanguageModel) -> Iterator[range]:
    """The vocabulary in pieces of bounded size."""
    n_tokens = model.dimensions.d_vocab
    rows = max(1, NUMBERS_AT_ONCE // model.dimensions.d_model)
    return (range(start, min(start + rows, n_tokens)) for start in range(0, n_tokens, rows))


def kept_numbers(
    model: LanguageModel, key: Key, of_block: Callable[[range], Float[Tensor, " token"]]
) -> Float[Tensor, " d_vocab"]:
    """One number a token, computed block by block the first time."""
    kept = _kept.setdefault(model, {})
    if key not in kept:  # two threads may both compute it, and get the same
        kept[key] = torch.cat([of_block(block).to(model.device) for block in token_blocks(model)])
    return kept[key]


def all_strings(model: LanguageModel) -> tuple[str, ...]:
    """The whole vocabulary as readable strings, made once."""
    if model not in _strings:
        _strings[model] = model.token_strings(range(model.dimensions.d_vocab))
    return _strings[model]


def token_divisors(model: LanguageModel, norm: FrozenNorm) -> Float[Tensor, " d_vocab"]:
    """What a norm divides each token by, when it comes alone."""
    key = ("divisor", norm.is_centred, norm.epsilon)
    return kept_numbers(model, key, lambda block: norm.divisor(model.embedding(block))[:, 0])


def token_products(
    model: LanguageModel, directions: Float[Tensor, "direction d_model"]
) -> Float[Tensor, "direction d_vocab"]:
    """The inner products of directions with the tokens as they enter the stream."""
    directions = directions.to(model.device)
    products = [directions @ model.embedding(block).to(model.device).T for block in token_blocks(model)]
    return torch.cat(products, dim=-1)


def strongest_changes(model: LanguageModel, numbers: Float[Tensor, " d_vocab"], top: int) -> TokenChanges:
    """The tokens with the largest numbers, best first."""
    best = strongest_tokens(numbers, top)
    token_ids = tuple(best.tolist())
    return TokenChanges(token_ids, model.token_strings(token_ids), tuple(numbers[best].tolist()))


def weakest_changes(model: LanguageModel, numbers: Float[Tensor, " d_vocab"], top: int) -> TokenChanges:
    """The tokens with the smallest numbers, smallest first."""
    lowest = strongest_changes(model, -numbers, top)
    return TokenChanges(lowest.token_ids, lowest.token_strings, tuple(-change for change in lowest.changes))
