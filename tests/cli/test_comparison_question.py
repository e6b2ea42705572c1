"""What `llm-tt compare` is asked, before any model is opened."""

from pathlib import Path

import pytest
import typer

from llm_tt.cli.comparison_question import ComparisonQuestion, SideQuestion, kind_of_output, sides_asked
from llm_tt.errors import ComparisonError, GraphError


def question(method="ifr", align=None, threshold=None, density=None):
    sides = (SideQuestion(method, None, None), SideQuestion("relp", None, None))
    return ComparisonQuestion(sides, -1, align, threshold, density)


def test_what_means_something():
    question().check()
    question(align="3-4", threshold=0.1).check()
    assert question(align="3-4,5-").pairs() == ((3, 4), (5, None))
    assert question().pairs() == ()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"method": "what"}, typer.BadParameter),
        ({"threshold": 0.1, "density": 0.1}, typer.BadParameter),
        ({"threshold": -1.0}, GraphError),
        ({"align": "x"}, ComparisonError),
    ],
)
def test_what_does_not(asked, error):
    with pytest.raises(error):
        question(**asked).check()


def test_kinds_of_files():
    assert kind_of_output(None) is None
    assert kind_of_output(Path("a/b.SVG")) == "svg"
    with pytest.raises(typer.BadParameter):
        kind_of_output(Path("a"))


def test_the_second_side_is_as_the_first_where_nothing_else_is_said():
    nothing = (None, None)
    assert sides_asked(nothing, nothing, nothing) == (SideQuestion("ifr", None, None),) * 2
    assert sides_asked(nothing, ("a", None), nothing) == (SideQuestion("relp", "a", None),) * 2
    assert sides_asked(nothing, (None, "b"), nothing)[0].method == "relp"
    assert sides_asked(("dla", "ifr"), ("a", "b"), ("c", None)) == (
        SideQuestion("dla", "a", "c"),
        SideQuestion("ifr", "b", "c"),
    )
