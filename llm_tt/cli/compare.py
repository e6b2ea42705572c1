"""The command `llm-tt compare`: two runs beside each other."""

from pathlib import Path
from typing import Annotated

import typer

from llm_tt.cli import graph_options as of_graph
from llm_tt.cli.answers import write_each
from llm_tt.cli.comparison_answer import ComparisonAnswer
from llm_tt.cli.comparison_question import ComparisonQuestion, kind_of_output, run_both, sides_asked
from llm_tt.cli.files import output_paths
from llm_tt.cli.opening import edits_given
from llm_tt.cli.options import ContrastToken, EditFile, EditTexts, Json, Model, Position, TargetToken
from llm_tt.cli.stdout import print_all, print_json

First = Annotated[str, typer.Argument(metavar="PROMPT", help="The first text.")]
Second = Annotated[
    str | None,
    typer.Argument(metavar="OTHER", help="The second text; without one, the first again, asked otherwise."),
]
OtherMethod = Annotated[str | None, typer.Option(help="Of the second side. Default: as the first.")]
OtherTarget = Annotated[
    str | None,
    typer.Option(
        help="Explained of the second side. Default: --target; else of the same text what the first side "
        "explains, of another one its own prediction."
    ),
]
OtherContrast = Annotated[str | None, typer.Option(help="Of the second side. Default: --contrast.")]
OtherModel = Annotated[
    str | None, typer.Option(help="Reads the second text; it needs the same tokenizer. Default: MODEL.")
]
Align = Annotated[
    str | None,
    typer.Option(
        help="Corrections of the alignment: 3-4,5-,-6 puts position 3 of the first text beside 4 of the "
        "second, and leaves 5 of the first and 6 of the second alone."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="A file: .html (to click), .svg, .png or .csv with the difference, .json with what --json says.",
    ),
]


def compare(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: First,
    other: Second = None,
    method: of_graph.Method = None,
    other_method: OtherMethod = None,
    position: Position = -1,
    target: TargetToken = None,
    contrast: ContrastToken = None,
    other_target: OtherTarget = None,
    other_contrast: OtherContrast = None,
    other_model: OtherModel = None,
    edit: EditTexts = None,
    edits: EditFile = None,
    align: Align = None,
    threshold: of_graph.Threshold = None,
    density: of_graph.Density = None,
    top: of_graph.Top = 10,
    output: Output = None,
    dark: of_graph.Dark = False,
    as_json: Json = False,
) -> None:
    """Compare two prompts, targets, methods or models, or a run and an edited one (--edit is of the second).

    Tokens are aligned by position where both texts have as many, else by what they say. Positions of a
    difference are columns, which --json lists.

    With --json: first and second (model, prompt, prompt_tokens, edits, method, position, prediction,
    probability, target, contrast, target_logit, target_probability, target_rank, measured, edges), columns
    (the position of each side, or null), kl, threshold, overlap, edge_correlation, component_correlation,
    changes (part, first, second, change), and difference (gained, lost, stronger, weaker, same), or null.
    """
    sides = sides_asked((method, other_method), (target, other_target), (contrast, other_contrast))
    question = ComparisonQuestion(sides, position, align, threshold, density)
    question.check()
    made = edits_given(edit, edits)
    places, kind = output_paths(output, 1, as_json=as_json), kind_of_output(output)
    both = run_both(question, (model, other_model or model), (prompt, other or prompt), made)
    answer = ComparisonAnswer(both, question, top, is_dark=dark)
    if kind is not None:
        write_each([prompt], places, lambda _: answer.to_file(kind))
    elif as_json:
        print_json(answer.to_json(), one_line=False)
    else:
        print_all(answer.to_print())
