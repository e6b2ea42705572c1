"""What a search finds, as plain values."""

from dataclasses import dataclass

from llm_tt.concepts.query import Kind
from llm_tt.concepts.sides import TokenSide
from llm_tt.lens.promotion import TokenChanges


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term of a query, and the tokens that it means."""

    text: str
    kind: Kind
    is_negated: bool
    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A token of a term on a neuron's list."""

    token_id: int
    token_string: str
    rank: int
    """1 for the strongest of its side."""
    strength: float
    """For a direction of length one."""
    term: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One list of one neuron."""

    layer: int
    neuron: int
    side: TokenSide
    score: float
    """The sum over terms of the best match's strength / spread / log2(1 + rank), all sides counted upward."""
    matches: tuple[Match, ...]
    """The terms in their order, and of each its strongest token first."""
    tokens: TokenChanges
    """The first tokens of that list."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best lists first; equal scores in the order of layers and neurons."""

    query: str
    terms: tuple[FoundTerm, ...]
    hits: tuple[SearchHit, ...]
    n_found: int
    hint: str
    """One sentence or two, if nothing or too much was found; else empty."""
