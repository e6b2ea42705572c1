"""Readings of weights as plain columns: pairs, directions, and what a head did beside what it would do."""

from collections.abc import Sequence

from llm_tt.concepts.head_circuits import Circuit
from llm_tt.concepts.head_directions import SingularDirection
from llm_tt.concepts.static_against_run import SourceComparison
from llm_tt.concepts.strongest_pairs import TokenPairs
from llm_tt.lens.promotion import TokenChanges
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.number_words import percent_text
from llm_tt.render.position_axis import position_name
from llm_tt.render.visible_text import visible_token

ENDS: dict[Circuit, tuple[str, str]] = {"OV": ("attended to", "written"), "QK": ("query", "key")}
"""What the two ends of each circuit are called."""

AMOUNTS: dict[Circuit, str] = {"OV": "logit", "QK": "score"}
"""What the strength of a pair is: a change of the logit before the final norm, or an attention score."""


def pair_columns(found: TokenPairs, circuit: Circuit) -> Columns:
    """Pairs, strongest first."""
    from_end, to_end = ENDS[circuit]
    return {
        from_end: [visible_token(pair.from_string) for pair in found.pairs],
        to_end: [visible_token(pair.to_string) for pair in found.pairs],
        AMOUNTS[circuit]: [pair.strength for pair in found.pairs],
    }


def proven_sentence(found: TokenPairs) -> str:
    """How sure it is that these are the strongest."""
    if found.proven == 1.0:
        return f"Proven: no other pair is stronger ({found.seconds:.1f} s)."
    share = min(found.proven, 0.9999)  # 100 % is said of a proof only
    return (
        f"Stopped after {found.seconds:.1f} s: {percent_text(share, 2)} of all pairs were searched or "
        "excluded; a stronger one may be among the rest."
    )


def direction_columns(directions: Sequence[SingularDirection], circuit: Circuit) -> Columns:
    """Directions, strongest first, each with the tokens along and against its ends."""
    from_end, to_end = ENDS[circuit]
    return {
        "strength": [direction.strength for direction in directions],
        "share": [direction.share_of_total for direction in directions],
        from_end: [_listed(direction.from_tokens) for direction in directions],
        to_end: [_listed(direction.to_tokens) for direction in directions],
        f"against: {from_end}": [_listed(direction.from_against) for direction in directions],
        f"against: {to_end}": [_listed(direction.to_against) for direction in directions],
    }


def comparison_columns(compared: Sequence[SourceComparison], tokens: Sequence[str]) -> Columns:
    """What a head moved from each position, beside what its weights say of the token there."""
    return {
        "from": [position_name(one.key, tokens[one.key]) for one in compared],
        "attention": [one.attention for one in compared],
        "in this run": [_listed(one.in_run) for one in compared],
        "by the weights": [_listed(one.static) for one in compared],
        "agreement": [one.agreement for one in compared],
    }


def _listed(changes: TokenChanges) -> str:
    return " ".join(map(visible_token, changes.token_strings))
