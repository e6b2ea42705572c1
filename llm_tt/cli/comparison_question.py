"""What `llm-tt compare` was asked, checked before any model is opened; and the two runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from llm_tt.attribution.method_list import DEFAULT_METHOD, METHODS, SIGNED_METHOD
from llm_tt.cli.choices import one_of
from llm_tt.cli.opening import open_model, run_prompt
from llm_tt.cli.stderr import working

if TYPE_CHECKING:
    from llm_tt.comparison.alignment import Pair
    from llm_tt.comparison.compared import Comparison
    from llm_tt.comparison.explained_run import ExplainedRun
    from llm_tt.intervention.edits import Edit
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.tracing.trace import ForwardTrace

KINDS: Final = ("html", "svg", "png", "csv", "json")


@dataclass(frozen=True, slots=True)
class SideQuestion:
    """What one side is asked; plain values."""

    method: str
    target: str | None
    contrast: str | None


@dataclass(frozen=True, slots=True)
class ComparisonQuestion:
    """Plain values; options that were not given are None."""

    sides: tuple[SideQuestion, SideQuestion]
    position: int
    align: str | None
    threshold: float | None
    density: float | None

    def check(self) -> None:
        """Refuse what means nothing, before work begins.

        Raises:
            typer.BadParameter: a method that there is not, or a cut in two ways.
            ComparisonError: corrections that are none.
            GraphError: a cut that is out of range.
        """
        for side, option in zip(self.sides, ("--method", "--other-method"), strict=True):
            one_of(side.method, METHODS, option)
        if self.threshold is not None and self.density is not None:
            message = "--threshold and --density say the same in different ways. Give one."
            raise typer.BadParameter(message)
        if self.threshold is not None or self.density is not None:
            from llm_tt.graph.cuts import Cut

            Cut(threshold=self.threshold, density=self.density)
        self.pairs()

    def pairs(self) -> "tuple[Pair, ...]":
        """The corrections of the alignment."""
        from llm_tt.comparison.pairs_text import pairs_of

        return pairs_of(self.align or "")


_Both = tuple[str | None, str | None]
"""An option of the first side, and of the second."""


def sides_asked(methods: _Both, targets: _Both, contrasts: _Both) -> tuple[SideQuestion, SideQuestion]:
    """What is left out of the second side is as in the first; a named token wants a method that knows it."""
    names_a_token = any(token is not None for token in (*targets, *contrasts))
    method = methods[0] or (SIGNED_METHOD if names_a_token else DEFAULT_METHOD)
    target, contrast = (own if own is not None else first for first, own in (targets, contrasts))
    return SideQuestion(method, targets[0], contrasts[0]), SideQuestion(
        methods[1] or method, target, contrast
    )


def kind_of_output(output: Path | None) -> str | None:
    """The kind of a file by its name.

    Raises:
        typer.BadParameter: there is no such kind.
    """
    return None if output is None else one_of(output.suffix.removeprefix(".").lower(), KINDS, "-o")


def run_both(
    question: ComparisonQuestion,
    models: tuple[str, str],
    texts: tuple[str, str],
    edits: "Sequence[Edit]",
) -> "Comparison":
    """Both runs explained and aligned; the edits act on the second.

    Raises:
        LlmTtError: a model, a prompt, a token or the alignment cannot be.
    """
    from llm_tt.comparison.compared import check_vocabulary, compare
    from llm_tt.comparison.target_positions import target_positions

    first_model = open_model(models[0])
    second_model = first_model if models[0] == models[1] else open_model(models[1])
    check_vocabulary(first_model, second_model)
    first, second = run_prompt(first_model, texts[0], ()), run_prompt(second_model, texts[1], edits)
    tokens = first.prompt.token_strings, second.prompt.token_strings
    positions = target_positions(*tokens, question.position, question.pairs())
    with working("attributing"):
        ours = _explained(first_model, first, question.sides[0], positions[0])
        # What became of this very prediction, where only the model, the method or the edits are others.
        usual = ours.target.token_id if first.prompt == second.prompt else None
        theirs = _explained(second_model, second, question.sides[1], positions[1], usual)
        return compare(ours, theirs, question.pairs())


def _explained(
    model: "LanguageModel",
    trace: "ForwardTrace",
    side: SideQuestion,
    position: int,
    usual: int | None = None,
) -> "ExplainedRun":
    from llm_tt.comparison.explained_run import explain

    return explain(
        model,
        trace,
        side.method,  # type: ignore[arg-type]
        target_position=position,
        target_token=usual if side.target is None else side.target,
        contrast_token=side.contrast,
    )
