"""What a person asks of the neurons: words, parts of words, exact tokens, any or all, and none of some.

    tokyo japan          both words
    tokyo OR japan       one of them; what stands beside each other binds tighter
    tokyo -japan         without the second; "NOT japan" is the same
    tok*  *yo  *ky*      tokens that begin so, end so, contain it
    " Tokyo"             exactly this token, with its space

Whatever is typed means something: a sign that makes no sense is a word like any other.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

TermKind = Literal["word", "begins", "ends", "contains", "token"]

LONGEST: Final = 500
"""Characters that are read."""

_PIECE: Final = re.compile(r'-?"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that has to be, or must not be, on a neuron's list."""

    text: str
    kind: TermKind
    is_negated: bool = False

    def __str__(self) -> str:
        """As a person would type it."""
        shown = {
            "word": self.text,
            "begins": f"{self.text}*",
            "ends": f"*{self.text}",
            "contains": f"*{self.text}*",
            "token": f'"{self.text}"',
        }
        return shown[self.kind]


@dataclass(frozen=True, slots=True)
class Query:
    """A list answers if it answers one of the groups: all of a group's terms."""

    groups: tuple[tuple[Term, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Each once, in the order in which they were typed."""
        return tuple(dict.fromkeys(term for group in self.groups for term in group))


def read_query(text: str) -> Query:
    """The groups of a query; groups that only say what must not be are left out, for they ask for nothing."""
    groups: list[list[Term]] = [[]]
    is_negated = False
    for piece in _PIECE.findall(text[:LONGEST]):
        if piece == "OR":
            groups.append([])
            is_negated = False
        elif piece == "NOT":
            is_negated = True
        elif piece != "AND":
            groups[-1].append(_term(piece, is_negated))
            is_negated = False
    asking = [group for group in groups if any(not term.is_negated for term in group)]
    return Query(tuple(tuple(dict.fromkeys(group)) for group in asking))


def _term(piece: str, is_negated: bool) -> Term:
    if len(piece) > 1 and piece.startswith("-"):
        return _term(piece[1:], not is_negated)
    if len(piece) > 2 and piece[0] == piece[-1] == '"':
        return Term(piece[1:-1], "token", is_negated)
    bare = piece.strip("*")
    if not bare:
        return Term(piece, "word", is_negated)
    begins, ends = piece.endswith("*"), piece.startswith("*")
    kind: TermKind = "contains" if begins and ends else "begins" if begins else "ends" if ends else "word"
    return Term(bare, kind, is_negated)
