"""What is typed, as terms; whatever it is, it can be read."""

import pytest

from llm_tt.concepts.query import LONGEST, MOST_TERMS, Term, parse, term_of


def kinds(text):
    return [[(term.kind, term.needle, term.is_negated) for term in group] for group in parse(text).groups]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("tokyo", [[("word", "tokyo", False)]]),
        ("  a   b ", [[("word", "a", False), ("word", "b", False)]]),
        ("a AND b", [[("word", "a", False), ("word", "b", False)]]),
        ("a b OR c", [[("word", "a", False), ("word", "b", False)], [("word", "c", False)]]),
        ("a -b", [[("word", "a", False), ("word", "b", True)]]),
        ("a NOT b c", [[("word", "a", False), ("word", "b", True), ("word", "c", False)]]),
        ('" Tokyo"', [[("exact", " Tokyo", False)]]),
        ('-" a" b', [[("exact", " a", True), ("word", "b", False)]]),
        ('"""', [[("exact", '"', False)]]),
        ('"say"x now"', [[("exact", 'say"x now', False)]]),
        ("tok* *kyo *oky* -a*", [[("begins", "tok", False), ("ends", "kyo", False),
                                  ("contains", "oky", False), ("begins", "a", True)]]),
        ("- * ** \"\" \" OR", [[("word", "-", False), ("word", "*", False), ("word", "**", False),
                               ("word", '""', False), ("word", '"', False)]]),
        ("OR OR AND NOT", []),
        ("or not", [[("word", "or", False), ("word", "not", False)]]),
        ("a a", [[("word", "a", False)]]),
        ("", []),
        ("<script>alert('x')</script>", [[("word", "<script>alert('x')</script>", False)]]),
    ],
)  # fmt: skip
def test_what_is_typed(text, groups):
    assert kinds(text) == groups


def test_what_is_too_long_is_cut_and_said():
    assert not parse("a " * 10).is_cut
    assert not parse("word" + " " * 2 * LONGEST).is_cut
    long = parse("x" * 10_000)
    assert long.is_cut
    assert long.groups == ((Term("x" * LONGEST, "word", "x" * LONGEST),),)
    many = parse(" ".join(f"w{number}" for number in range(MOST_TERMS + 1)))
    assert many.is_cut
    assert len(many.terms) == MOST_TERMS
    all_of_them = parse(" OR ".join(f"w{number}" for number in range(MOST_TERMS)))
    assert not all_of_them.is_cut and len(all_of_them.groups) == MOST_TERMS


def test_each_term_once_and_a_single_one_may_have_spaces():
    assert [term.text for term in parse("b a OR b").terms] == ["b", "a"]
    assert term_of("New York") == Term("New York", "word", "New York")
