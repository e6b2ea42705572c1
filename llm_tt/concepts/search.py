"""Which lists of which neurons match a query, and how well.

A list's score is the sum, over the terms that it matches, of the best match's

    strength / spread / log2(1 + rank)

where strength / spread says how far the token stands out among all tokens of the vocabulary, and rank is its
place on the list. Suppressed and inhibiting tokens count with their signs turned.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Bool, Float64, Int64

from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.concepts.postings import Postings
from llm_tt.concepts.query import Query, Term
from llm_tt.concepts.sides import READINGS, SIGNS, TOKEN_SIDES, TokenSide

MOST_POSTINGS: Final = 100_000
"""Of one term that are looked through: more take longer than a person notices."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The lists that match, best first, as numbers: neuron * 4 + side."""

    lists: Int64[np.ndarray, " list"]
    scores: Float64[np.ndarray, " list"]
    n_found: int

    @classmethod
    def nothing(cls) -> "Found":
        """For a query without words."""
        return cls(np.empty(0, np.int64), np.empty(0), 0)


class Matcher:
    """The scores of one term on every list."""

    def __init__(
        self, identity: IndexIdentity, spreads: np.ndarray, wanted: Bool[np.ndarray, " list"]
    ) -> None:
        self._n_lists = identity.n_neurons * len(TOKEN_SIDES)
        self._spreads = spreads
        self._wanted = wanted

    def values(self, postings: Postings) -> tuple[Int64[np.ndarray, " match"], Float64[np.ndarray, " match"]]:
        """Of each entry: its list, and what it is worth there; entries on unwanted lists are left out."""
        lists = postings["neuron"].astype(np.int64) * len(TOKEN_SIDES) + postings["side"]
        kept = self._wanted[lists]
        lists, entries = lists[kept], postings[kept]
        sides = entries["side"]
        spread = self._spreads[entries["neuron"], np.asarray(READINGS)[sides]]
        worth = np.asarray(SIGNS)[sides] * entries["strength"] / spread / np.log2(1.0 + entries["rank"])
        return lists, worth

    def best(self, postings: Postings) -> Float64[np.ndarray, " list"]:
        """The best of all entries on each list; minus infinity where there is none."""
        best = np.full(self._n_lists, -np.inf)
        np.maximum.at(best, *self.values(postings))
        return best


def wanted_lists(
    identity: IndexIdentity, layers: Collection[int] | None, sides: Collection[TokenSide]
) -> Bool[np.ndarray, " list"]:
    """Which lists are searched."""
    wanted = np.zeros((identity.n_layers, identity.d_mlp, len(TOKEN_SIDES)), bool)
    rows = range(identity.n_layers) if layers is None else [n for n in layers if 0 <= n < identity.n_layers]
    for place, side in enumerate(TOKEN_SIDES):
        if side in sides:
            wanted[list(rows), :, place] = True
    return wanted.reshape(-1)


def rank_lists(query: Query, best: dict[Term, Float64[np.ndarray, " list"]], top: int) -> Found:
    """The lists that match some group: all its words are on it, and none that must not be."""
    n_lists = len(next(iter(best.values())))
    matches, score = np.zeros(n_lists, bool), np.zeros(n_lists)
    counted: dict[Term, Bool[np.ndarray, " list"]] = {}
    for group in query.groups:
        if all(term.is_negated for term in group):
            continue
        fits = np.ones(n_lists, bool)
        for term in group:
            fits &= np.isneginf(best[term]) if term.is_negated else ~np.isneginf(best[term])
        matches |= fits
        for term in group:
            if not term.is_negated:
                counted[term] = counted[term] | fits if term in counted else fits
    for term, where in counted.items():
        score[where] += best[term][where]
    found = np.flatnonzero(matches)
    order = np.lexsort((found, -score[found]))[:top]
    return Found(found[order], score[found[order]], len(found))
