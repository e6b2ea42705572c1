"""The tables of a comparison as plain columns: both predictions, what changed most, what a part promotes."""

from collections.abc import Sequence

from llm_tt.comparison.components import ComponentChange
from llm_tt.comparison.numbers import ComparisonNumbers, RunNumbers
from llm_tt.comparison.promoted import PromotedDifference
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.number_words import MINUS, percent_text, plain_text, points_text, signed_text
from llm_tt.render.part_words import title_of
from llm_tt.render.visible_text import visible_token
from llm_tt.render.weight_words import weight_column


def number_columns(numbers: ComparisonNumbers, names: tuple[str, str]) -> Columns:
    """A row each for the prediction, the target and the graph; a column a side, and what changed."""
    first, second = numbers.first, numbers.second
    measured = "difference of logits" if first.contrast is not None else "its logit"
    rows = [
        ("prediction", visible_token(first.prediction), visible_token(second.prediction), ""),
        ("its probability", percent_text(first.probability), percent_text(second.probability), ""),
        ("target", _target(first), _target(second), ""),
        (
            measured,
            plain_text(first.measured),
            plain_text(second.measured),
            signed_text(second.measured - first.measured),
        ),
        (
            "its probability",
            percent_text(first.target_probability),
            percent_text(second.target_probability),
            points_text(second.target_probability - first.target_probability),
        ),
        ("its rank", f"{first.target_rank:,}", f"{second.target_rank:,}", ""),
        (
            "edges",
            f"{first.n_edges:,}",
            f"{second.n_edges:,}",
            f"{second.n_edges - first.n_edges:+,}".replace("-", MINUS).replace("+0", "0"),
        ),
    ]
    if (first.contrast is None) != (second.contrast is None):
        rows[3] = ("explained", *rows[3][1:3], "")
    headings = ("", *names, "change")
    return {heading: list(column) for heading, column in zip(headings, zip(*rows, strict=True), strict=True)}


def likeness_in_words(numbers: ComparisonNumbers) -> str:
    """How alike both are, in a line."""
    said = [f"KL {numbers.kl:.3g} nats"]
    likeness = numbers.likeness
    if likeness is None:
        return f"{said[0]}; the models have other sizes, so their edges are not the same ones."
    if likeness.overlap is not None:
        said.append(f"{percent_text(likeness.overlap, 0)} of the edges in both")
    alike = {
        "of the sizes of these": likeness.edge_correlation,
        "of heads and MLPs": likeness.component_correlation,
    }
    ranks = [f"{what} {signed_text(value)}" for what, value in alike.items() if value is not None]
    if ranks:
        said.append(f"rank correlation {', '.join(ranks)}")
    return "; ".join(said) + "."


def change_columns(
    changes: Sequence[ComponentChange], labels: Sequence[str], names: tuple[str, str], unit: str | None
) -> Columns:
    """Heads and MLPs at a column, the largest change first."""
    return {
        "part": [title_of(one.part) for one in changes],
        "at": [labels[one.part.position] for one in changes],
        names[0]: list(weight_column([one.first for one in changes], unit)),
        names[1]: list(weight_column([one.second for one in changes], unit)),
        "change": list(weight_column([one.change for one in changes], unit)),
    }


def promoted_columns(difference: PromotedDifference, names: tuple[str, str]) -> Columns:
    """Tokens with what both runs' part does to their logits, and their places among all tokens."""
    return {
        "token": [visible_token(token.string) for token in difference.tokens],
        names[0]: [token.first for token in difference.tokens],
        names[1]: [token.second for token in difference.tokens],
        "change": [token.change for token in difference.tokens],
        f"rank {names[0]}": [token.first_rank for token in difference.tokens],
        f"rank {names[1]}": [token.second_rank for token in difference.tokens],
        "id": [token.token_id for token in difference.tokens],
    }


def _target(numbers: RunNumbers) -> str:
    contrast = "" if numbers.contrast is None else f" {MINUS} {visible_token(numbers.contrast)}"
    return visible_token(numbers.target) + contrast
