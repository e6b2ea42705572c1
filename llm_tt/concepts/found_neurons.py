"""What an index answers, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from llm_tt.concepts.sides import Side
from llm_tt.concepts.vocabulary import FoundTerm
from llm_tt.lens.promotion import TokenChanges


@dataclass(frozen=True, slots=True)
class IndexedNeuron:
    """A neuron, read from its weights; all products are of directions of length one."""

    layer: int
    neuron: int
    output_norm: float
    """Length of what it writes for an activation of one."""
    input_norm: float
    output_spread: float
    """Standard deviation of the output's products over the vocabulary."""
    input_spread: float
    sides: Mapping[Side, TokenChanges]


@dataclass(frozen=True, slots=True)
class Match:
    """A token that was asked for, on a neuron's list."""

    token_id: int
    token_string: str
    rank: int
    """1 for the strongest."""
    strength: float
    term: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A neuron whose list answers."""

    layer: int
    neuron: int
    side: Side
    score: float
    matches: tuple[Match, ...]
    tokens: TokenChanges
    """The beginning of the list."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, and what was understood."""

    query: str
    terms: tuple[FoundTerm, ...]
    hits: tuple[SearchHit, ...]
    n_found: int
    """Lists that answer, shown or not."""
    hint: str
    """One sentence where the query found nothing, or meant too much; else empty."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neuron that writes in a similar direction."""

    layer: int
    neuron: int
    cosine: float
