"""The options of `llm-tt batch`, each with its sentence."""

from pathlib import Path
from typing import Annotated

import typer

Prompts = Annotated[
    Path,
    typer.Argument(
        help="A .jsonl file (prompt, and if known answer, accepted, foil, corrupted, group, subject), a .csv "
        "file with such columns, a task of EAP-IG (.csv) or auto-circuit (.json), or text with one prompt a "
        "line."
    ),
]
Model = Annotated[str, typer.Option(help="A built-in name, a local folder, or a hub name.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", help="A folder for the parts; it is made, or gone on with.")
]
Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help="relp, gradact, ifr or dla; repeat it for several. Default: relp."),
]
Target = Annotated[
    str | None,
    typer.Option(
        help="What is explained: answer (of the file) or prediction (the model's own). Default: the answer "
        "where there is one.",
    ),
]
Contrast = Annotated[
    str | None,
    typer.Option(help="Against what: foil (of the file) or none. Default: the foil where there is one."),
]
Density = Annotated[float, typer.Option(help="Share of the edges that each graph keeps.")]
Neurons = Annotated[int, typer.Option(min=0, help="How many of the strongest neurons get a row.")]
Edges = Annotated[int, typer.Option(min=0, help="How many of the graph's strongest messages get a row.")]
Measure = Annotated[bool, typer.Option(help="Run each graph alone: how much of the prediction it keeps.")]
Baseline = Annotated[str, typer.Option(help="What cut edges bring instead: mean or zero.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")]
Dtype = Annotated[str, typer.Option(help="float32, bfloat16, float16 or float64.")]
PromptsPerPart = Annotated[int, typer.Option(min=1, help="A kill loses at most so many.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Throw away what the folder holds of another job.")
]
Ray = Annotated[
    str | None, typer.Option(help="Work on Ray: auto, or the address of a cluster (ray://host:10001).")
]
Workers = Annotated[int | None, typer.Option(min=1, help="On Ray: how many models are open at once.")]
Cpus = Annotated[float, typer.Option(min=0.1, help="On Ray: cores of each worker.")]
Gpus = Annotated[float, typer.Option(min=0.0, help="On Ray: GPUs of each worker.")]
