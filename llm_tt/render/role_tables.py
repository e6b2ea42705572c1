"""Tables over many prompts as plain columns, the same on the page, in a terminal and in a file."""

from collections.abc import Mapping, Sequence
from typing import Final

from llm_tt.batch.relations import RELATIONS
from llm_tt.faithfulness.statistics import Interval
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.part_words import NO_NAMES, Names, named
from llm_tt.render.visible_text import visible_token
from llm_tt.summaries.edge_kinds import EdgesOfHead
from llm_tt.summaries.group_difference import ComponentDifference
from llm_tt.summaries.head_attention import HeadAttention
from llm_tt.summaries.roles import Role
from llm_tt.summaries.summary import ComponentSummary

ABOUT: Final[Mapping[str, str]] = {
    "share %": "Mean over the prompts of its size, as a share of the sizes of all heads and MLPs.",
    "share 95 %": "Between these, had other prompts been drawn: bootstrap over the prompts.",
    "contribution": "Mean, with its sign, in the unit of what is explained; all positions together.",
    "for it %": "Of the prompts that list it, those in which it speaks for the target.",
    "place": "By mean share; 1 is the strongest.",
    "places 95 %": "Its place when other prompts are drawn.",
    "in %": "Of the prompts, those that list it: neurons only where they are among the strongest.",
    "role": "By evidence; see below what it takes.",
}
"""What the columns of components mean."""


def component_columns(
    rows: Sequence[ComponentSummary],
    roles: Sequence[Role] = (),
    names: Names = NO_NAMES,
    *,
    are_neurons: bool = False,
) -> Columns:
    """Heads and MLPs with their roles, or neurons with how often they are listed."""
    columns: Columns = {
        "place": [row.place for row in rows],
        "part": [named(row.component.name, names) for row in rows],
        "share %": [100 * row.share.mean for row in rows],
        "share 95 %": [_ends(row.share, 100, 2 if are_neurons else 1) for row in rows],
        "contribution": [row.contribution.mean for row in rows],
        "for it %": [None if row.towards is None else 100 * row.towards for row in rows],
        "places 95 %": [f"{row.place_low} to {row.place_high}" for row in rows],
    }
    if are_neurons:
        columns["in %"] = [100 * row.listed for row in rows]
    if all(row.towards is None for row in rows):
        del columns["for it %"]
    if not are_neurons:
        columns["role"] = [
            ", ".join(role.name for role in roles if role.head == row.component.name) for row in rows
        ]
    return columns


def difference_columns(rows: Sequence[ComponentDifference], names: Names = NO_NAMES) -> Columns:
    """Differences of two groups."""
    return {
        "part": [named(row.component.name, names) for row in rows],
        "share %": [100 * row.share.mean for row in rows],
        "share 95 %": [_ends(row.share, 100, 1, signed=True) for row in rows],
        "contribution": [row.contribution.mean for row in rows],
        "sure": ["yes" if row.is_told else "" for row in rows],
    }


def role_columns(roles: Sequence[Role], names: Names = NO_NAMES) -> Columns:
    """Names with their evidence."""
    return {
        "head": [named(role.head, names) for role in roles],
        "role": [role.name for role in roles],
        "attends to": [RELATIONS[role.evidence.relation] for role in roles],
        "attention": [role.evidence.attention.mean for role in roles],
        "95 %": [_ends(role.evidence.attention, 1, 2) for role in roles],
        "by chance": [role.evidence.chance for role in roles],
        "prompts": [role.evidence.n_prompts for role in roles],
        "share %": [100 * role.share for role in roles],
    }


def attention_columns(attention: Sequence[HeadAttention]) -> Columns:
    """What one head attends to."""
    return {
        "attends to": [RELATIONS[seen.relation] for seen in attention],
        "attention": [seen.attention.mean for seen in attention],
        "95 %": [_ends(seen.attention, 1, 2) for seen in attention],
        "chance": [seen.chance for seen in attention],
        "prompts": [seen.n_prompts for seen in attention],
    }


def edge_kind_columns(kinds: Sequence[EdgesOfHead], names: Names = NO_NAMES) -> Columns:
    """How often kinds of messages are in graphs."""
    return {
        "head": [named(kind.head, names) for kind in kinds],
        "reads": [relation_words(kind.relation) for kind in kinds],
        "in graphs %": [100 * kind.in_graphs.mean for kind in kinds],
        "95 %": [_ends(kind.in_graphs, 100, 0) for kind in kinds],
        "of": [kind.n_possible for kind in kinds],
        "messages": [kind.edges_per_graph for kind in kinds],
        "contribution": [kind.contribution for kind in kinds],
    }


def relation_words(relation: str) -> str:
    """A relation as people read it."""
    return next((words for name, words in RELATIONS.items() if name == relation), "some other token")


def _ends(interval: Interval, times: int, decimals: int, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    low, high = (f"{times * end:{sign}.{decimals}f}" for end in (interval.low, interval.high))
    return f"{low} to {high}".replace("-", "\N{MINUS SIGN}")


def _token(token: str | None) -> str:
    return "" if token is None else visible_token(token)
