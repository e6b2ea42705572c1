"""Which lists of tokens answer a query, and how well.

A token counts by how far it stands out on a list, its strength over the spread of the whole vocabulary, and
by its place: the first whole, the third half, the fifteenth a quarter (1 / log2(1 + place)). A term counts by
its best token, a list by the sum of its terms.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float, Float32, Int64, Shaped

from llm_tt.concepts.index_blocks import N_SIDES, POSTING
from llm_tt.concepts.index_store import DamagedIndexError, IndexShape, IndexStore
from llm_tt.concepts.queries import Query, Term
from llm_tt.concepts.sides import SIDES, Side

LEAST: Final = 1e-6
"""What a token counts at least: it is on the list."""

SIGNS: Final = np.array([1.0, -1.0] * (N_SIDES // 2), np.float32)


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token of a term on a list that answers."""

    term: Term
    token_id: int
    rank: int
    strength: float


@dataclass(frozen=True, slots=True)
class FoundList:
    """A neuron's list that answers."""

    neuron: int
    side: Side
    score: float
    tokens: tuple[FoundToken, ...]
    """By their place."""


@dataclass(frozen=True, slots=True, eq=False)
class _Postings:
    """One term's tokens on all lists that are asked for."""

    lists: Int64[np.ndarray, " posting"]
    ranks: Shaped[np.ndarray, " posting"]
    strengths: Float32[np.ndarray, " posting"]
    tokens: Shaped[np.ndarray, " posting"]


def find_lists(  # noqa: PLR0913 (what is searched, for what, where)
    store: IndexStore,
    spreads: Float[np.ndarray, "neuron reading"],
    query: Query,
    token_ids: Mapping[Term, Sequence[int]],
    *,
    sides: Collection[Side],
    layers: Collection[int] | None,
    top: int,
) -> tuple[list[FoundList], int]:
    """The best lists, and how many there are.

    Raises:
        DamagedIndexError: what is stored is not as it was written.
    """
    is_asked = _lists_asked_for(store.shape, sides, layers)
    postings = {term: _postings(store, token_ids[term], is_asked) for term in query.terms}
    values = {term: _best(some, spreads) for term, some in postings.items()}
    scores = np.zeros(len(is_asked), np.float32)
    counts = {term: np.zeros(len(is_asked), bool) for term in query.terms if not term.is_negated}
    for group in query.groups:
        answers = is_asked.copy()
        for term in group:
            answers &= (values[term] == 0) if term.is_negated else (values[term] > 0)
        for term in group:
            if not term.is_negated:
                counts[term] |= answers
    for term, answers in counts.items():
        scores += values[term] * answers
    answering = np.flatnonzero(scores)
    best = answering[np.lexsort((answering, -scores[answering]))][:top]
    found = {term: some for term, some in postings.items() if not term.is_negated}
    return [_found(int(number), float(scores[number]), found) for number in best], len(answering)


def _lists_asked_for(
    shape: IndexShape, sides: Collection[Side], layers: Collection[int] | None
) -> Shaped[np.ndarray, " list"]:
    by_layer = np.array([layers is None or layer in layers for layer in range(shape.n_layers)])
    by_side = np.array([side in sides for side in SIDES])
    asked: np.ndarray = np.repeat(by_layer, shape.d_mlp)[:, None] & by_side
    return asked.reshape(-1)


def _postings(
    store: IndexStore, token_ids: Sequence[int], is_asked: Shaped[np.ndarray, " list"]
) -> _Postings:
    found = store.postings(token_ids)
    stored = np.concatenate([*found.values(), np.empty(0, POSTING)])
    tokens = np.repeat(np.fromiter(found, np.int64, len(found)), [len(some) for some in found.values()])
    lists = stored["list"].astype(np.int64)
    if len(lists) and not (lists.min() >= 0 and lists.max() < len(is_asked)):
        message = "a list that there is not"
        raise DamagedIndexError(message)
    kept = is_asked[lists]
    return _Postings(
        lists[kept], stored["rank"][kept], stored["strength"][kept].astype(np.float32), tokens[kept]
    )


def _best(some: _Postings, spreads: Float[np.ndarray, "neuron reading"]) -> Float32[np.ndarray, " list"]:
    """What a term counts on each list; 0 where it is not."""
    neuron, side = np.divmod(some.lists, N_SIDES)
    spread = np.maximum(spreads[neuron, side // 2], np.finfo(np.float32).tiny)
    counted = SIGNS[side] * some.strengths / spread / np.log2(1.0 + some.ranks)
    counted = np.maximum(counted, LEAST).astype(np.float32)
    best = np.zeros(N_SIDES * len(spreads), np.float32)
    order = np.argsort(counted, kind="stable")  # of several values for one list, the last one stays
    best[some.lists[order]] = counted[order]
    return best


def _found(number: int, score: float, postings: Mapping[Term, _Postings]) -> FoundList:
    tokens = [
        FoundToken(term, int(some.tokens[place]), int(some.ranks[place]), float(some.strengths[place]))
        for term, some in postings.items()
        for place in np.flatnonzero(some.lists == number).tolist()
    ]
    neuron, side = divmod(number, N_SIDES)
    return FoundList(neuron, SIDES[side], score, tuple(sorted(tokens, key=lambda token: token.rank)))
