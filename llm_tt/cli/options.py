"""Arguments and options that several commands have, each with one name and one sentence."""

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[
    str,
    typer.Argument(
        help="A built-in name (small-world), a local folder, or a Hugging Face name (owner/model)."
    ),
]
Prompt = Annotated[
    str | None,
    typer.Argument(
        help="The text that the model reads; - reads it from standard input, -- goes in front of one that "
        "begins with a dash. Or give --file.",
        show_default=False,
    ),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="Many prompts: a text file with one a line, or a .jsonl file with a field prompt; - is standard "
        "input, one a line.",
    ),
]
EditTexts = Annotated[
    list[str] | None,
    typer.Option(
        "--edit",
        help="Change the run: L2H3 or L2H3=mean (off), L2H3=zero, L2.mlp*0.5 (scaled), L3N1204=4.5 (a neuron "
        "set), L2H3@3,13*0 (at positions), L2H1@1- (messages from position 1). Repeat it for several.",
    ),
]
EditFile = Annotated[
    Path | None, typer.Option("--edits", help="A file of edits, as the page saves it; made before --edit.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for a program, and nothing else.")]
Position = Annotated[
    int, typer.Option(help="Where: counted from 0, or from the end; -1 is the last token's prediction.")
]
TargetToken = Annotated[
    str | None,
    typer.Option(
        "--target",
        help='The token that is explained, with its space: " Mary". Default: what the model predicts.',
    ),
]
ContrastToken = Annotated[
    str | None, typer.Option("--contrast", help="Explain the difference from this token's logit.")
]
