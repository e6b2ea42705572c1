"""Readings of weights as columns of equal length, tokens visible."""

from llm_tt.concepts.head_directions import SingularDirection
from llm_tt.concepts.static_against_run import SourceComparison
from llm_tt.concepts.strongest_pairs import TokenPair, TokenPairs
from llm_tt.lens.promotion import TokenChanges
from llm_tt.render import circuit_tables as tables

PAIRS = (TokenPair(5, " Mary", 6, "\n", 2.5), TokenPair(7, "a", 8, "b", -1.0))


def changes(*strings):
    return TokenChanges(tuple(range(len(strings))), strings, (1.0,) * len(strings))


def test_pairs_under_the_names_of_their_ends():
    found = TokenPairs(PAIRS, 1.0, 0.25)
    assert tables.pair_columns(found, "OV") == {
        "attended to": ["·Mary", "a"],
        "written": ["⏎", "b"],
        "logit": [2.5, -1.0],
    }
    assert list(tables.pair_columns(found, "QK")) == ["query", "key", "score"]


def test_a_proof_is_only_claimed_where_there_is_one():
    assert tables.proven_sentence(TokenPairs(PAIRS, 1.0, 0.25)).startswith("Proven")
    said = tables.proven_sentence(TokenPairs(PAIRS, 0.999999, 5.0))
    assert "99.99 %" in said
    assert "100" not in said


def test_directions_with_both_poles():
    direction = SingularDirection(
        3.0, 0.5, changes(" a", "b"), changes("c"), from_against=changes("d"), to_against=changes("\t")
    )
    assert tables.direction_columns([direction], "QK") == {
        "strength": [3.0],
        "share": [0.5],
        "query": ["·a b"],
        "key": ["c"],
        "against: query": ["d"],
        "against: key": ["⇥"],
    }


def test_comparisons_name_their_positions():
    compared = [
        SourceComparison(1, 0.75, changes(" x"), changes("y"), 0.5),
        SourceComparison(0, 0.25, changes("z"), changes("w"), None),
    ]
    columns = tables.comparison_columns(compared, ["The", " cat"])
    assert columns["attention"] == [0.75, 0.25]
    assert columns["agreement"] == [0.5, None]
    assert columns["in this run"] == ["·x", "z"]
    assert columns["by the weights"] == ["y", "w"]
    assert "·cat" in columns["from"][0]
    assert len({len(column) for column in columns.values()}) == 1
