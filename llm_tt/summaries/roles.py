"""Names of heads by evidence: what a head attends to in many prompts, and what it adds where a name says so.

A name is given when attention is surely high: the low end of the 95 % interval is at least 0.4 and at least
twice chance, and at least half of the prompts have such a pair of tokens (in few prompts, other things that
happen to stand there would pass for it). No name is an answer, too.

    previous token, induction,       the relation that it attends to most, at all queries
    duplicate token, current token
    resting                          the first token, where none of these fits: an induction head that finds
                                     nothing to copy rests there as well
    name mover, foil reader,         attention of the target's query, and the head surely adds to the target,
    subject reader                   no less than an average head or MLP; a negative mover surely takes away
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.batch.relations import RELATIONS, Relation
from llm_tt.summaries.head_attention import HeadAttention
from llm_tt.summaries.summary import ComponentSummary, Summary

RoleName = Literal[
    "previous-token head", "induction head", "duplicate-token head", "current-token head", "resting head",
    "name mover", "negative mover", "foil reader", "subject reader",
]  # fmt: skip

LEAST_ATTENTION: Final = 0.4
TIMES_CHANCE: Final = 2.0
LEAST_OF_PROMPTS: Final = 0.5

THRESHOLDS: Final = (
    f"A name needs attention whose 95 % interval begins at {LEAST_ATTENTION:g} or above and at "
    f"{TIMES_CHANCE:g} times chance or above, and at least {100 * LEAST_OF_PROMPTS:.0f} % of the prompts "
    "must have such a pair of tokens. Movers and readers must also add to the target (interval above 0), no "
    "less than an average head or MLP."
)

_BY_PATTERN: Final[dict[Relation, RoleName]] = {
    "previous": "previous-token head",
    "after_same": "induction head",
    "same": "duplicate-token head",
    "self": "current-token head",
}
_AT_TARGET: Final[dict[Relation, tuple[RoleName, RoleName | None]]] = {
    "answer": ("name mover", "negative mover"),
    "foil": ("foil reader", None),
    "subject": ("subject reader", None),
}
"""With a name for heads that do the same and take away from the target."""


@dataclass(frozen=True, slots=True)
class Role:
    """A name and what speaks for it."""

    head: str
    name: RoleName
    evidence: HeadAttention
    share: float
    """What the head is worth over the same prompts."""

    @property
    def sentence(self) -> str:
        """The evidence in words."""
        seen = self.evidence
        return (
            f"{seen.attention} of its attention to {RELATIONS[seen.relation]}, by chance {seen.chance:.2f}; "
            f"{seen.n_prompts:,} prompts"
        )

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        seen = self.evidence
        return {
            "head": self.head,
            "role": self.name,
            "relation": seen.relation,
            "attention": seen.attention.mean,
            "low": seen.attention.low,
            "high": seen.attention.high,
            "chance": seen.chance,
            "n_prompts": seen.n_prompts,
            "share": self.share,
        }


def roles_of(summary: Summary, attention: Sequence[HeadAttention]) -> tuple[Role, ...]:
    """All names that hold, the largest shares first. A head may have two: how it attends, and what for."""
    found: list[Role] = []
    for row in summary.rows:
        if row.component.kind == "head":
            seen = [one for one in attention if one.head == row.component.name and _is_sure(one)]
            names = _names(row, seen, summary)
            found += [Role(row.component.name, name, one, row.share.mean) for name, one in names]
    return tuple(found)


def _is_sure(seen: HeadAttention) -> bool:
    low = seen.attention.low
    return (
        low >= LEAST_ATTENTION and low >= TIMES_CHANCE * seen.chance and seen.of_prompts >= LEAST_OF_PROMPTS
    )


def _names(
    row: ComponentSummary, seen: Sequence[HeadAttention], summary: Summary
) -> list[tuple[RoleName, HeadAttention]]:
    by_pattern = [one for one in seen if one.relation in _BY_PATTERN]
    names: list[tuple[RoleName, HeadAttention]] = []
    if by_pattern:
        # After a comma, the token before is often also the one after an earlier comma: the larger one counts.
        most = max(by_pattern, key=lambda one: one.attention.mean)
        names.append((_BY_PATTERN[most.relation], most))
    names += _names_at_target(row, seen, summary)
    resting = [one for one in seen if one.relation == "first"]
    if not names and resting:
        names.append(("resting head", resting[0]))
    return names


def _names_at_target(
    row: ComponentSummary, seen: Sequence[HeadAttention], summary: Summary
) -> list[tuple[RoleName, HeadAttention]]:
    n_parts = len(summary.rows)
    if summary.method in WITHOUT_TARGET or row.share.mean < 1 / n_parts:
        return []
    names: list[tuple[RoleName, HeadAttention]] = []
    for one in seen:
        adds, takes = _AT_TARGET.get(one.relation, (None, None))
        name = adds if row.contribution.low > 0 else takes if row.contribution.high < 0 else None
        if name is not None:
            names.append((name, one))
    return names
