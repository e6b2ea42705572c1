"""An open index: the lists of every neuron, its neighbours, and the search."""

import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import index
from typing import Final, SupportsIndex

import numpy as np
from jaxtyping import Float16, Int64

from llm_tt.concepts import hints
from llm_tt.concepts.index_files import Figures, IndexFiles
from llm_tt.concepts.neuron_block import NeuronBlock
from llm_tt.concepts.postings import Postings, read_postings
from llm_tt.concepts.query import Term, parse, term_of
from llm_tt.concepts.search import MOST_POSTINGS, Found, Matcher, rank_lists, wanted_lists
from llm_tt.concepts.search_result import FoundTerm, Match, SearchHit, SearchResult
from llm_tt.concepts.selection import products_with
from llm_tt.concepts.sides import PROMOTED, TOKEN_SIDES, TokenSide
from llm_tt.concepts.vocabulary import Vocabulary
from llm_tt.errors import TargetError
from llm_tt.lens.promotion import TokenChanges
from llm_tt.model.language_model import LanguageModel

TOKENS_ON_A_CARD = 12

_ROWS_KEPT = 64
"""Rows of lists that stay unpacked: 64 x 78 KB."""


@dataclass(frozen=True, slots=True)
class IndexedNeuron:
    """What the index knows of one neuron."""

    layer: int
    neuron: int
    output_norm: float
    """Length of the direction that it writes; strengths are for length one."""
    input_norm: float
    output_spread: float
    """Standard deviation of what the direction adds to the logits, over the vocabulary."""
    input_spread: float
    sides: Mapping[TokenSide, TokenChanges]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neuron that writes in nearly the same direction."""

    layer: int
    neuron: int
    cosine: float


BYTES_OF_A_TOKEN: Final = 400
"""Its text, its key, and its place in what is sorted."""


class NeuronIndex:
    """Every neuron of a model by the tokens that it promotes, suppresses and responds to."""

    def __init__(
        self, model: LanguageModel, files: IndexFiles, figures: Figures, vocabulary: Vocabulary
    ) -> None:
        self.place = files.place
        """Its folder; None for an index in memory."""
        self.n_layers = model.dimensions.n_layers
        self.d_mlp = model.dimensions.d_mlp
        self._model = weakref.ref(
            model
        )  # only to say how it splits a word; an index keeps no model in memory
        self._files, self._figures, self._vocabulary = files, figures, vocabulary
        self._lists_at = lru_cache(_ROWS_KEPT)(files.lists_at)

    @property
    def n_bytes(self) -> int:
        """About what it takes of the memory; what lies in a file is the system's to keep or not."""
        held: int = 0 if self.place is not None else self._files.identity.bytes_on_disk
        return held + BYTES_OF_A_TOKEN * len(self._vocabulary.texts)

    @property
    def directions(self) -> Float16[np.ndarray, "neuron d_model"]:
        """What each neuron writes, with length one; neuron id = layer * d_mlp + neuron."""
        return self._figures.directions

    def reading(self, layer: int, neuron: int) -> IndexedNeuron:
        """What the index knows of one neuron.

        Raises:
            TargetError: there is no such neuron.
            ConceptIndexError: the files cannot be read any more.
        """
        return self.readings([self._id(layer, neuron)])[0]

    def readings(self, ids: Iterable[SupportsIndex]) -> tuple[IndexedNeuron, ...]:
        """The same of many, by their ids.

        Raises:
            TargetError: there is no such neuron.
            ConceptIndexError: the files cannot be read any more.
        """
        return tuple(self._reading(index(number)) for number in ids)

    def neighbours(self, layer: int, neuron: int, top: int = 10) -> tuple[Neighbour, ...]:
        """The neurons whose output directions lie closest to this one's, itself left out.

        Raises:
            TargetError: there is no such neuron.
        """
        own, directions = self._id(layer, neuron), self.directions
        cosines = products_with(directions, directions[own])
        cosines[own] = -np.inf
        count = max(0, min(top, len(cosines) - 1))
        best = np.argpartition(-cosines, count)[:count] if count < len(cosines) else np.arange(count)
        best = best[np.lexsort((best, -cosines[best]))]
        return tuple(
            Neighbour(*divmod(int(number), self.d_mlp), float(np.clip(cosines[number], -1, 1)))
            for number in best
        )

    def matching_tokens(self, text: str) -> FoundTerm:
        """The tokens that one term means, such as `tokyo`, `tok*` or `" Tokyo"`.

        Raises:
            ConceptIndexError: the files cannot be read any more.
        """
        return self._found(term_of(text))

    def search(
        self,
        query: str,
        *,
        layers: Collection[int] | None = None,
        sides: Collection[TokenSide] = PROMOTED,
        top: int = 20,
    ) -> SearchResult:
        """The lists that match a query best; see `query.py` for what can be typed.

        Raises:
            ConceptIndexError: the files cannot be read any more.
        """
        parsed = parse(query)
        terms = {term: self._found(term) for term in parsed.terms}
        wanted = wanted_lists(self._files.identity, layers, sides)
        matcher = Matcher(self._files.identity, self._figures.spreads, wanted)
        taken = {term: self._tokens_within_limits(found.token_ids) for term, found in terms.items()}
        postings = {term: self._postings(ids) for term, ids in taken.items()}
        found = Found.nothing()
        if postings:
            best = {term: matcher.best(entries) for term, (_, entries) in postings.items()}
            found = rank_lists(parsed, best, top)
        matches = self._matches(found, postings)
        hits = tuple(
            self._hit(int(number), float(score), matches.get(int(number), []))
            for number, score in zip(found.lists, found.scores, strict=True)
        )
        hint = hints.hint_of(parsed, terms, taken, found.n_found, self._vocabulary, self._model())
        return SearchResult(query, tuple(terms.values()), hits, found.n_found, hint)

    def _found(self, term: Term) -> FoundTerm:
        ids = tuple(self._vocabulary.matching(term, self._files.database))
        texts = tuple(self._vocabulary.texts[number] for number in ids)
        return FoundTerm(term.text, term.kind, term.is_negated, ids, texts)

    def _tokens_within_limits(self, token_ids: Sequence[int]) -> list[int]:
        """The first tokens that together stand on no more lists than a search may look through."""
        ids = np.asarray(token_ids, np.int64)
        within = np.cumsum(self._figures.counts[ids]) <= MOST_POSTINGS
        count = len(ids) if within.all() else max(1, int(within.argmin()))
        return [int(number) for number in ids[:count]]

    def _postings(self, token_ids: Sequence[int]) -> tuple[Int64[np.ndarray, " posting"], Postings]:
        return read_postings(self._files.database, self._files.identity, token_ids)

    def _matches(
        self, found: Found, postings: Mapping[Term, tuple[Int64[np.ndarray, " posting"], Postings]]
    ) -> dict[int, list[Match]]:
        """The tokens of the terms on each list that was found."""
        of_list: dict[int, list[Match]] = {}
        for term, (owners, entries) in postings.items():
            if term.is_negated:
                continue
            lists = entries["neuron"].astype(np.int64) * len(TOKEN_SIDES) + entries["side"]
            places = np.flatnonzero(np.isin(lists, found.lists))
            for place in places[np.argsort(entries["rank"][places], kind="stable")].tolist():
                token_id, entry = int(owners[place]), entries[place]
                text, rank = self._vocabulary.texts[token_id], int(entry["rank"])
                match = Match(token_id, text, rank, float(entry["strength"]), term.text)
                of_list.setdefault(int(lists[place]), []).append(match)
        return of_list

    def _hit(self, number: int, score: float, matches: list[Match]) -> SearchHit:
        own, side = divmod(number, len(TOKEN_SIDES))
        layer, neuron = divmod(own, self.d_mlp)
        tokens = self._side(own, side, TOKENS_ON_A_CARD)
        return SearchHit(layer, neuron, TOKEN_SIDES[side], score, tuple(matches), tokens)

    def _reading(self, number: int) -> IndexedNeuron:
        layer, neuron = divmod(number, self.d_mlp)
        self._id(layer, neuron)
        norms, spreads = self._figures.norms[number], self._figures.spreads[number]
        return IndexedNeuron(
            layer,
            neuron,
            float(norms[0]),
            float(norms[1]),
            float(spreads[0]),
            float(spreads[1]),
            {side: self._side(number, place) for place, side in enumerate(TOKEN_SIDES)},
        )

    def _side(self, number: int, side: int, count: int | None = None) -> TokenChanges:
        lists, row = self._lists_of(number)
        ids = tuple(lists.token_ids[row, side, :count].tolist())
        strings = tuple(self._vocabulary.texts[token_id] for token_id in ids)
        return TokenChanges(ids, strings, tuple(lists.strengths[row, side, :count].tolist()))

    def _lists_of(self, number: int) -> tuple[NeuronBlock, int]:
        """The row of lists that has this neuron, and its place there."""
        first = self._files.first_of(number)
        return self._lists_at(first), number - first

    def _id(self, layer: int, neuron: int) -> int:
        if not (0 <= layer < self.n_layers and 0 <= neuron < self.d_mlp):
            raise TargetError(
                asked=f"Look up neuron {neuron} of layer {layer}.",
                found=f"The model has layers 0 to {self.n_layers - 1} with neurons 0 to {self.d_mlp - 1}.",
                remedy="Choose one of them.",
            )
        return layer * self.d_mlp + neuron
