"""What a person types, as terms: never an error, whatever it is. Words side by side bind tighter than OR.

- `tokyo osaka`: both words on one list; `tokyo OR osaka`: any of them.
- `tokyo -city`, `tokyo NOT city`: not with that word.
- `" Tokyo"`: exactly this token, with its space.
- `tok*`, `*kyo`, `*oky*`: tokens that begin so, end so, or have it somewhere.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["word", "exact", "begins", "ends", "contains"]

LONGEST: Final = 500
"""Characters that are read."""

MOST_TERMS: Final = 16

# A quoted text ends where a space or nothing follows, so that a quote may stand inside of one.
_PIECE: Final = re.compile(r'-?""(?=\s|$)|-?".+?"(?=\s|$)|\S+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query."""

    text: str
    """As it was typed, without a minus."""
    kind: Kind
    needle: str
    """What a token is compared with."""
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Any of some groups has to match; in a group, all terms."""

    groups: tuple[tuple[Term, ...], ...]
    is_cut: bool
    """Whether it was longer than what is read."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Each once, in the order in which they were typed."""
        return tuple(dict.fromkeys(term for group in self.groups for term in group))


def parse(text: str) -> Query:
    """Read a query; what means nothing as an operator is a word."""
    pieces = _PIECE.findall(text[:LONGEST])
    groups: list[list[Term]] = [[]]
    negate, count, is_cut = False, 0, len(text.rstrip()) > LONGEST
    for piece in pieces:
        if piece == "OR":
            groups.append([])
            negate = False
        elif piece == "NOT":
            negate = True
        elif piece == "AND":
            continue
        elif count == MOST_TERMS:
            is_cut = True
        else:
            minus = len(piece) > 1 and piece.startswith("-")
            term = term_of(piece[1:] if minus else piece, is_negated=minus or negate)
            groups[-1] += [] if term in groups[-1] else [term]
            negate = False
            count += 1
    return Query(tuple(tuple(group) for group in groups if group), is_cut)


def term_of(text: str, *, is_negated: bool = False) -> Term:
    """A single term: quotes and stars at its ends say how it is meant."""
    if len(text) > 2 and text[0] == text[-1] == '"':
        return Term(text, "exact", text[1:-1], is_negated)
    needle = text.strip("*").strip()
    begins, ends = text.endswith("*"), text.startswith("*")
    if not needle or not (begins or ends):
        return Term(text, "word", text.strip(), is_negated)
    kind: Kind = "contains" if begins and ends else "begins" if begins else "ends"
    return Term(text, kind, needle, is_negated)
