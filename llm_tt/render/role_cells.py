"""What a map of heads and MLPs shows: one cell each, with its number and the lines that explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from llm_tt.batch.relations import RELATIONS, Relation
from llm_tt.faithfulness.statistics import Interval
from llm_tt.render.number_words import percent_text
from llm_tt.render.part_words import NO_NAMES, Names, named
from llm_tt.summaries.component_values import MeasuredPart
from llm_tt.summaries.group_difference import GroupDifference
from llm_tt.summaries.head_attention import HeadAttention
from llm_tt.summaries.roles import Role
from llm_tt.summaries.summary import Summary

Measured = Literal["share", "contribution"]

MEASURED: Final[dict[Measured, str]] = {
    "share": "Share",
    "contribution": "Contribution",
}
ABOUT_MEASURED: Final[dict[str, str]] = {
    "share": "Size of the contribution, as a share of those of all heads and MLPs; mean over the prompts.",
    "contribution": "With its sign: blue towards the target, orange away from it; mean over the prompts.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One head, or the MLP of a layer."""

    component: str
    layer: int
    head: int | None
    """None of an MLP."""
    number: float
    lines: tuple[str, ...]
    """Plain text, the first is the title."""
    is_sure: bool = True
    """Of a difference: whether its interval leaves out zero."""


@dataclass(frozen=True, slots=True)
class RoleMap:
    """All cells, and what their numbers are."""

    cells: tuple[Cell, ...]
    is_signed: bool
    is_share: bool
    """Numbers are shares of one, and told in per cent."""


def summary_map(
    summary: Summary, measured: Measured, roles: Sequence[Role] = (), names: Names = NO_NAMES
) -> RoleMap:
    """Mean shares, or contributions."""
    cells = []
    for row in summary.rows:
        titled = [role.name for role in roles if role.head == row.component.name]
        towards = (
            ""
            if row.towards is None
            else f", towards the target in {percent_text(row.towards, 0)} of prompts"
        )
        lines = (
            named(row.component.name, names),
            f"share {share_text(row.share)}, place {row.place} ({row.place_low} to {row.place_high})",
            f"contribution {amount_text(row.contribution)}{towards}",
            *titled,
        )
        interval = row.share if measured == "share" else row.contribution
        cells.append(_cell(row.component, interval, lines))
    return RoleMap(tuple(cells), is_signed=measured == "contribution", is_share=measured == "share")


def difference_map(difference: GroupDifference, measured: Measured, names: Names = NO_NAMES) -> RoleMap:
    """The first group's means without the second's."""
    cells = []
    for row in difference.rows:
        interval = row.share if measured == "share" else row.contribution
        lines = (
            named(row.component.name, names),
            f"difference of shares {share_text(row.share, signed=True)}",
            f"difference of contributions {amount_text(row.contribution)}",
        )
        is_sure = interval.low > 0 or interval.high < 0
        cells.append(_cell(row.component, interval, lines, is_sure=is_sure))
    return RoleMap(tuple(cells), is_signed=True, is_share=measured == "share")


def attention_cells(
    attention: Sequence[HeadAttention], relation: Relation, names: Names = NO_NAMES
) -> RoleMap:
    """How much of their attention heads give to one relation."""
    cells = []
    for seen in attention:
        if seen.relation == relation:
            lines = (
                named(seen.head, names),
                f"{seen.attention} of its attention to {RELATIONS[relation]}",
                f"by chance {seen.chance:.2f}; {seen.n_prompts:,} prompts have such a pair",
            )
            cells.append(_cell(_head(seen.head), seen.attention, lines))
    return RoleMap(tuple(cells), is_signed=False, is_share=True)


def attention_difference_map(
    one: Sequence[HeadAttention],
    other: Sequence[HeadAttention],
    relation: Relation,
    names: Names = NO_NAMES,
) -> RoleMap:
    """The first group's attention without the second's; told as sure where the two intervals lie apart."""
    of_other = {seen.head: seen for seen in other if seen.relation == relation}
    cells = []
    for seen in one:
        beside = of_other.get(seen.head)
        if seen.relation != relation or beside is None:
            continue
        number = seen.attention.mean - beside.attention.mean
        lines = (
            named(seen.head, names),
            f"attention to {RELATIONS[relation]}: {seen.attention} and {beside.attention}",
            f"by chance {seen.chance:.2f} and {beside.chance:.2f}",
        )
        is_sure = seen.attention.low > beside.attention.high or seen.attention.high < beside.attention.low
        cells.append(_cell(_head(seen.head), Interval(number, number, number), lines, is_sure=is_sure))
    return RoleMap(tuple(cells), is_signed=True, is_share=True)


def share_text(share: Interval, *, signed: bool = False) -> str:
    """12.3 % [11.0, 13.5]."""
    sign = "+" if signed else ""
    numbers = [f"{100 * number:{sign}.1f}" for number in (share.mean, share.low, share.high)]
    return f"{numbers[0]} % [{numbers[1]}, {numbers[2]}]".replace("-", "\N{MINUS SIGN}")


def amount_text(amount: Interval) -> str:
    """+8.27 [+7.76, +8.83]."""
    text = f"{amount.mean:+.2f} [{amount.low:+.2f}, {amount.high:+.2f}]"
    return text.replace("-", "\N{MINUS SIGN}")


def _cell(
    component: MeasuredPart, interval: Interval, lines: tuple[str, ...], *, is_sure: bool = True
) -> Cell:
    return Cell(component.name, component.layer, component.head, interval.mean, lines, is_sure)


def _head(name: str) -> MeasuredPart:
    layer, head = (int(number) for number in name[1:].split("H"))
    return MeasuredPart(name, "head", layer, head=head)
