"""`NeuronIndex`: every neuron of a model read as tokens once, from its weights, and searched in milliseconds.

index = build_index(model)                       # opened, where it is there already
index.search("tokyo OR japan", layers=[3]).hits  # neurons that promote these words
index.reading(3, 120).sides["promotes"]
index.neighbours(3, 120)
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from jaxtyping import Float16, Float32

from llm_tt.concepts.found_neurons import IndexedNeuron, Match, Neighbour, SearchHit, SearchResult
from llm_tt.concepts.index_blocks import Block
from llm_tt.concepts.index_folder import IndexFolder
from llm_tt.concepts.index_search import FoundList, find_lists
from llm_tt.concepts.index_store import DamagedIndexError, IndexStore
from llm_tt.concepts.queries import Query, Term, read_query
from llm_tt.concepts.search_hints import hint_about
from llm_tt.concepts.sides import SIDES, Side
from llm_tt.concepts.vocabulary import FoundTerm, find_term, strings_of
from llm_tt.errors import ConceptIndexError, TargetError
from llm_tt.lens.promotion import TokenChanges

TOKENS_OF_HIT: Final = 12
"""Of the list that answers, so that it can be shown."""


class NeuronIndex:
    """An open index; calls may come from any thread."""

    def __init__(
        self,
        store: IndexStore,
        directions: Float16[np.ndarray, "neuron d_model"],
        split: Callable[[str], tuple[str, ...]],
        place: IndexFolder | None = None,
    ) -> None:
        self._store = store
        self._place = place
        self._split = split
        self._firsts = np.array([first for (first,) in store.rows("SELECT first FROM blocks ORDER BY first")])
        self.directions = directions
        """What each neuron writes, at length one; its number is its layer times `d_mlp` plus its own."""
        self._spreads = self._read_spreads()

    @property
    def n_layers(self) -> int:
        """Of the model."""
        return self._store.shape.n_layers

    @property
    def d_mlp(self) -> int:
        """Neurons of one layer."""
        return self._store.shape.d_mlp

    @property
    def folder(self) -> Path | None:
        """Where it is kept; None in memory."""
        return None if self._place is None else self._place.path

    @property
    def fingerprint(self) -> str:
        """Of the model that it was made of."""
        return self._store.shape.fingerprint

    def search(
        self,
        query: str,
        *,
        layers: Collection[int] | None = None,
        sides: Collection[Side] = SIDES[:1],
        top: int = 20,
    ) -> SearchResult:
        """The neurons whose lists answer a query best; see `queries.py` for what can be asked.

        Raises:
            ConceptIndexError: the index is damaged; it is built anew when it is opened again.
        """
        read = read_query(query)
        try:
            found = {term: self._find(term) for term in read.terms}
            token_ids = {term: some.token_ids for term, some in found.items()}
            lists, n_found = find_lists(
                self._store, self._spreads, read, token_ids, sides=sides, layers=layers, top=top
            )
            hits = self._hits(lists)
        except DamagedIndexError as problem:
            self._give_up(problem)
        return SearchResult(
            query, tuple(found.values()), hits, n_found, self._hint(query, read, found, n_found)
        )

    def matching_tokens(self, text: str) -> FoundTerm:
        """The tokens that one term means: a word, `tok*`, `*kyo*` or `" Tokyo"`."""
        terms = read_query(text).terms
        return self._find(terms[0] if terms else Term(text, "word"))

    def reading(self, layer: int, neuron: int) -> IndexedNeuron:
        """All that is kept of a neuron.

        Raises:
            TargetError: there is no such neuron.
            ConceptIndexError: the index is damaged.
        """
        (found,) = self.readings([self.number(layer, neuron)])
        return found

    def readings(self, numbers: Sequence[int]) -> tuple[IndexedNeuron, ...]:
        """The same of several neurons, by their numbers.

        Raises:
            ConceptIndexError: the index is damaged.
        """
        try:
            blocks = self._blocks_of(numbers)
            strings = self._strings(
                token
                for number in numbers
                for token in _row(blocks[number], number, "token_ids").reshape(-1).tolist()
            )
        except DamagedIndexError as problem:
            self._give_up(problem)
        return tuple(self._indexed(number, blocks[number], strings) for number in numbers)

    def neighbours(self, layer: int, neuron: int, top: int = 10) -> tuple[Neighbour, ...]:
        """The neurons whose output directions have the largest cosine with this one's, itself left out.

        Raises:
            TargetError: there is no such neuron.
        """
        own = self.number(layer, neuron)
        cosines = self._cosines(self.directions[own].astype(np.float32))
        cosines[own] = -np.inf
        wanted = min(top, len(cosines) - 1)
        if wanted < 1:
            return ()
        best = np.argpartition(-cosines, wanted - 1)[:wanted]
        best = best[np.lexsort((best, -cosines[best]))]
        return tuple(Neighbour(*divmod(int(other), self.d_mlp), float(cosines[other])) for other in best)

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def _cosines(self, direction: Float32[np.ndarray, " d_model"]) -> Float32[np.ndarray, " neuron"]:
        rows = 4096  # NumPy multiplies half precision slowly; piece by piece in single, nothing is held twice
        return np.concatenate(
            [
                self.directions[start : start + rows].astype(np.float32) @ direction
                for start in range(0, len(self.directions), rows)
            ]
        )

    def _find(self, term: Term) -> FoundTerm:
        with self._store.lock:
            return find_term(self._store.connection, term)

    def _hint(self, query: str, read: Query, found: dict[Term, FoundTerm], n_found: int) -> str:
        with self._store.lock:
            return hint_about(self._store.connection, query, read, found, n_found, self._split)

    def _hits(self, lists: list[FoundList]) -> tuple[SearchHit, ...]:
        blocks = self._blocks_of([found.neuron for found in lists])
        shown = {
            found: [
                _row(blocks[found.neuron], found.neuron, name)[
                    SIDES.index(found.side), :TOKENS_OF_HIT
                ].tolist()
                for name in ("token_ids", "strengths")
            ]
            for found in lists
        }
        listed = (token for token_ids, _ in shown.values() for token in token_ids)
        strings = self._strings([*listed, *(token.token_id for found in lists for token in found.tokens)])
        return tuple(
            SearchHit(
                *divmod(found.neuron, self.d_mlp),
                found.side,
                found.score,
                tuple(
                    Match(
                        token.token_id, strings[token.token_id], token.rank, token.strength, str(token.term)
                    )
                    for token in found.tokens
                ),
                _changes(shown[found][0], shown[found][1], strings),
            )
            for found in lists
        )

    def _indexed(self, number: int, block: Block, strings: dict[int, str]) -> IndexedNeuron:
        layer, neuron = divmod(number, self.d_mlp)
        norms, spreads = _row(block, number, "norms"), _row(block, number, "spreads")
        token_ids, strengths = _row(block, number, "token_ids"), _row(block, number, "strengths")
        return IndexedNeuron(
            layer,
            neuron,
            output_norm=float(norms[0]),
            input_norm=float(norms[1]),
            output_spread=float(spreads[0]),
            input_spread=float(spreads[1]),
            sides={
                side: _changes(token_ids[place].tolist(), strengths[place].tolist(), strings)
                for place, side in enumerate(SIDES)
            },
        )

    def _blocks_of(self, numbers: Sequence[int]) -> dict[int, Block]:
        """The block of each neuron."""
        firsts = {number: self._first(number) for number in numbers}
        blocks = {block.first: block for block in self._store.blocks(sorted(set(firsts.values())))}
        if missing := set(firsts.values()) - set(blocks):
            message = f"the neurons from {min(missing)} on are missing"
            raise DamagedIndexError(message)
        return {number: blocks[first] for number, first in firsts.items()}

    def _first(self, number: int) -> int:
        return int(self._firsts[np.searchsorted(self._firsts, number, side="right") - 1])

    def _strings(self, token_ids: Iterable[int]) -> dict[int, str]:
        with self._store.lock:
            return strings_of(self._store.connection, token_ids)

    def number(self, layer: int, neuron: int) -> int:
        """A neuron's row in `directions`.

        Raises:
            TargetError: there is no such neuron.
        """
        if not (0 <= layer < self.n_layers and 0 <= neuron < self.d_mlp):
            raise TargetError(
                asked=f"Find neuron {neuron} of layer {layer}.",
                found=f"There are layers 0 to {self.n_layers - 1}, with neurons 0 to {self.d_mlp - 1}.",
                remedy="Choose one of them.",
            )
        return layer * self.d_mlp + neuron

    def _read_spreads(self) -> Float32[np.ndarray, "neuron reading"]:
        try:
            return np.concatenate([block.spreads for block in self._store.blocks()])
        except DamagedIndexError as problem:
            self._give_up(problem)

    def _give_up(self, problem: DamagedIndexError) -> NoReturn:
        """Nothing of a damaged index is shown; it is taken away, so that it is built anew."""
        self.close()
        if self._place is not None:
            self._place.remove()
        raise ConceptIndexError(
            asked="Look into the index of neurons.",
            found=f"It is damaged: {problem}.",
            remedy="It was taken away. Ask again: it will be built anew.",
        ) from None


def _row(block: Block, number: int, name: str) -> np.ndarray:
    found: np.ndarray = getattr(block, name)[number - block.first]
    return found


def _changes(token_ids: Sequence[int], strengths: Sequence[float], strings: dict[int, str]) -> TokenChanges:
    return TokenChanges(tuple(token_ids), tuple(strings[token] for token in token_ids), tuple(strengths))
