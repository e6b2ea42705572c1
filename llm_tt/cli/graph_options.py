"""The options of `llm-tt graph`, each with its sentence."""

from pathlib import Path
from typing import Annotated

import typer

Method = Annotated[
    str | None,
    typer.Option(
        help="ifr (shares, asks for no target), relp or gradact (contributions to a target), dla (what is "
        "written at the target's own position). Default: relp where a target or contrast is given, else ifr.",
    ),
]
Metric = Annotated[str | None, typer.Option(help="logit or logprob; not of ifr. Default: logit.")]
Baseline = Annotated[
    str | None,
    typer.Option(help="What parts are compared with: mean or zero; of relp and gradact. Default: mean."),
]
Norm = Annotated[str | None, typer.Option(help="l1 or l2; of ifr. Default: l1.")]
Aggregate = Annotated[
    str | None,
    typer.Option(help="threshold, or flow, which adds up paths; of ifr. Default: threshold."),
]
Density = Annotated[
    float | None, typer.Option(help="Keep this share of the edges: 0.02. Default: the main routes.")
]
Threshold = Annotated[float | None, typer.Option(help="Keep the edges that survive this threshold: 0.04.")]
Mass = Annotated[float | None, typer.Option(help="Keep the fewest edges with this share of the weight: 0.9.")]
Top = Annotated[int, typer.Option(min=1, help="How many routes and edges the tables have.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="A file: .html (to click), .svg, .png, .json, .graphml, .csv, .parquet, .circuit-tracer.json, "
        ".eap.json or .py; - is standard output; out-{n}.html is for many prompts.",
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="The kind of file where its name does not say it: html, svg, png, json, graphml, csv, parquet, "
        "circuit-tracer, eap or py.",
    ),
]
Dark = Annotated[bool, typer.Option("--dark", help="Pictures (.svg, .png) on a dark ground.")]
Measure = Annotated[
    bool, typer.Option("--measure", help="Also measure how much of the prediction these edges keep alone.")
]
