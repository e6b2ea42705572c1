"""The command `llm-tt`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from llm_tt.cli import anatomy, concepts
from llm_tt.errors import LlmTtError
from llm_tt.settings import SETTINGS_VARIABLE, bundled, load_settings

if TYPE_CHECKING:
    from llm_tt.intervention.edits import Edit

cli = typer.Typer(
    help="Information-flow graphs of decoder language models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(concepts.index)
cli.command()(concepts.search)
cli.command()(anatomy.anatomy)
# Idle threads of torch keep a core busy for 15 ms after each work, unless told otherwise before it loads.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

SettingsOption = Annotated[Path | None, typer.Option("--settings", help="A settings file, as in config/.")]

EditsOption = Annotated[Path | None, typer.Option("--edits", help="A file of edits, as the page saves it.")]


def run() -> None:
    """Run the command line; an error of ours is three lines on stderr and exit code 1."""
    try:
        cli()
    except LlmTtError as error:
        _print_error(error)
        sys.exit(1)


@cli.callback()
def _verbs() -> None:
    """Information-flow graphs of decoder language models."""


@cli.command()
def app(
    settings: SettingsOption = None,
    host: Annotated[
        str, typer.Option(help="Who may connect: localhost, or 0.0.0.0 for other machines.")
    ] = "localhost",
    port: Annotated[
        int | None, typer.Option(help="Where it listens; by default the first free from 8501.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the dashboard."""
    chosen = load_settings(settings)  # a mistake in the file is said here, not in the browser
    environment = dict(os.environ)
    if settings is not None:
        environment[SETTINGS_VARIABLE] = str(settings.resolve())
    options: dict[str, object] = {
        "server.address": host,
        "server.headless": str(not browser).lower(),
        "server.maxUploadSize": chosen.limits.upload_megabytes,
        "client.showErrorDetails": "full" if chosen.show_error_details else "none",
    }
    if port is not None:
        options["server.port"] = port
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(bundled("app.py")), *flags]
    os.execve(sys.executable, command, environment)  # this process becomes the server: one thing to stop


@cli.command()
def models(
    settings: SettingsOption = None,
    families: Annotated[
        bool, typer.Option("--families", help="List the families of models instead.")
    ] = False,
) -> None:
    """List the models that the settings offer; any local folder or hub name of a known family opens too."""
    if families:
        from llm_tt.model.families import supported_families  # imports Transformers, which takes seconds

        sys.stdout.write("\n".join(supported_families()) + "\n")
        return
    table = Table("model", "device", "precision", "note")
    for offered in load_settings(settings).models:
        table.add_row(Text(offered.name), offered.device, offered.dtype, Text(offered.note))
    Console().print(table)


@cli.command()
def check(
    model: Annotated[str, typer.Argument(help="A built-in name, a local folder, or a hub name.")],
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    dtype: Annotated[str, typer.Option(help="float32, bfloat16, float16 or float64.")] = "float32",
) -> None:
    """Open a model and print its check-up; exit code 1 when a must-have fails."""
    from llm_tt.model.check_up import CheckUpError
    from llm_tt.model.loading import load_model
    from llm_tt.model.spec import ModelSpec
    from llm_tt.render.tables import check_up_rows, check_up_summary

    try:
        spec = ModelSpec(model, device=device, dtype=dtype)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    try:
        check_up = load_model(spec).self_test
    except CheckUpError as error:
        check_up = error.check_up
    table = Table("", "check", "deviation", title=Text(model))
    for row in check_up_rows(check_up):
        table.add_row(row.verdict, Text(row.sentence), row.deviation)
    console = Console()
    console.print(table)
    console.print(check_up_summary(check_up))
    if not check_up.passed:
        sys.exit(1)


@cli.command()
def edit(
    model: Annotated[str, typer.Argument(help="A built-in name, a local folder, or a hub name.")],
    prompt: Annotated[str, typer.Argument(help="The text whose next token is predicted.")],
    edits: EditsOption = None,
    top: Annotated[int, typer.Option(min=1, help="How many tokens of each prediction.")] = 5,
) -> None:
    """Show what edits do to a prediction: the most likely tokens before and after."""
    from llm_tt.attribution.target import resolve_target
    from llm_tt.intervention.edit_words import sentence_of
    from llm_tt.intervention.measuring import compare
    from llm_tt.intervention.run import run_with_edits
    from llm_tt.lens.token_ranking import rank_logits
    from llm_tt.model.loading import load_model

    made = _edits_of(edits)
    opened = load_model(model)
    before, after = (run_with_edits(opened, prompt, run) for run in ((), made))
    table = Table("before", "", "after", "", title=Text("\n".join(map(sentence_of, made)) or "no edits"))
    rankings = [rank_logits(opened, trace.logits[-1], top=top) for trace in (before, after)]
    for place in range(len(rankings[0].token_ids)):
        shown = [(r.token_strings[place], f"{r.probabilities[place]:.4f}") for r in rankings]
        table.add_row(*(Text(cell) for token, share in shown for cell in (repr(token), share)))
    console = Console()
    console.print(table)
    effect = compare(resolve_target(opened, before), before.logits[-1], after.logits[-1])
    console.print(f"divergence of the prediction (KL): {effect.kl:.4f} nats")


@cli.command()
def generate(  # noqa: PLR0913 (options of a command)
    model: Annotated[str, typer.Argument(help="A built-in name, a local folder, or a hub name.")],
    prompt: Annotated[str, typer.Argument(help="The text to write on.")],
    edits: EditsOption = None,
    tokens: Annotated[int, typer.Option(min=1, help="How many tokens at most.")] = 20,
    temperature: Annotated[float, typer.Option(help="0 always takes the most likely token.")] = 0.0,
    top_p: Annotated[
        float, typer.Option(help="Only the likely tokens that together have this probability.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Of the draws.")] = 0,
) -> None:
    """Let the model write on, with edits if wanted; the text goes to stdout."""
    from llm_tt.intervention.generation import generate as write
    from llm_tt.intervention.sampling import Sampling
    from llm_tt.model.loading import load_model

    sampling, made = Sampling(temperature, top_p, seed), _edits_of(edits)
    written = write(load_model(model), prompt, made, n_tokens=tokens, sampling=sampling)
    sys.stdout.write(f"{prompt}{written.text}\n")


@cli.command()
def faithfulness(  # noqa: PLR0913 (options of a command)
    task: Annotated[str, typer.Option(help="A task of the small world, or ioi for indirect_object.")] = "ioi",
    method: Annotated[
        list[str] | None,
        typer.Option(help="ifr, ifr-flow, relp, gradact or dla; repeat it for several. All."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="A built-in name, a local folder, or a hub name.")
    ] = "small-world",
    prompts: Annotated[int, typer.Option(min=1, help="How many held-out prompts.")] = 20,
    baseline: Annotated[str, typer.Option(help="What cut edges bring instead: mean or zero.")] = "mean",
    truth: Annotated[bool, typer.Option(help="Also cut every single edge: the ceiling, slow.")] = True,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the figure (HTML) and the numbers (JSON)."),
    ] = None,
) -> None:
    """Compare how much of the predictions the graphs of each method keep, with random edges as the floor."""
    from llm_tt.faithfulness.comparison import RANKINGS
    from llm_tt.faithfulness.tasks import compare_on_task
    from llm_tt.model.loading import load_model
    from llm_tt.render.faithfulness_report import as_table, write_report

    console = Console(stderr=True)
    with console.status("opening the model") as status:
        report = compare_on_task(
            load_model(model),
            task,
            tuple(method or RANKINGS),
            n_prompts=prompts,
            baseline=baseline,
            with_truth=truth,
            report=lambda done: status.update(Text(done)),
        )
    Console().print(as_table(report))
    if output is not None:
        for path in write_report(report, output):
            console.print(Text(f"written: {path}"))


@cli.command()
def benchmark(
    tokens: Annotated[str, typer.Option(help="Prompt lengths, with commas.")] = "32,128,512",
    turns: Annotated[int, typer.Option(min=1, help="How often each pair of works takes turns.")] = 5,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as the README has it.")] = False,
) -> None:
    """Measure this machine: times in forward passes of an untrained model of GPT-2 small's shape."""
    from llm_tt.benchmark.rows import all_rows
    from llm_tt.model.loading import load_model
    from llm_tt.render.benchmark_table import as_markdown, as_rich_table

    try:
        lengths = tuple(int(length) for length in tokens.split(","))
    except ValueError:
        message = "Lengths are whole numbers with commas between them, such as 32,128."
        raise typer.BadParameter(message, param_hint="--tokens") from None
    rows = []
    with Console(stderr=True).status("opening the model") as status:
        for row in all_rows(load_model("untrained-gpt2-small"), lengths, turns):
            status.update(Text(f"{row.work} at {row.n_tokens} tokens: {row.measured}"))
            rows.append(row)
    if markdown:
        sys.stdout.write(as_markdown(rows))
    else:
        Console().print(as_rich_table(rows))


def _edits_of(path: Path | None) -> "tuple[Edit, ...]":
    """The edits of a file that are switched on."""
    from llm_tt.errors import InterventionError
    from llm_tt.intervention.basket import LARGEST_FILE, Basket

    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise InterventionError(
            asked=f"Read the edits in {path}.",
            found=f"The file cannot be opened: {problem.strerror}.",
            remedy="Name a file that was saved from the page, or with Basket.to_json.",
        ) from None
    return Basket.from_json(content).active


def _print_error(error: LlmTtError) -> None:
    console = Console(stderr=True, highlight=False, markup=False)
    for line in (error.asked, error.found, error.remedy):
        console.print(line, soft_wrap=True)
