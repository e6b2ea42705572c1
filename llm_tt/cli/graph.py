"""The command `llm-tt graph`: the routes to a prediction, as tables, as JSON and in files."""

from llm_tt.cli import graph_options as of_graph
from llm_tt.cli.answers import answer_each, write_each
from llm_tt.cli.files import output_kind, output_paths
from llm_tt.cli.graph_answer import GraphAnswer, Wanted
from llm_tt.cli.graph_question import asked_question
from llm_tt.cli.opening import edits_given, open_model, run_prompt
from llm_tt.cli.options import (
    ContrastToken,
    EditFile,
    EditTexts,
    File,
    Json,
    Model,
    Position,
    Prompt,
    TargetToken,
)
from llm_tt.cli.prompts import given_prompts


def graph(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    method: of_graph.Method = None,
    target: TargetToken = None,
    contrast: ContrastToken = None,
    position: Position = -1,
    metric: of_graph.Metric = None,
    baseline: of_graph.Baseline = None,
    norm: of_graph.Norm = None,
    aggregate: of_graph.Aggregate = None,
    density: of_graph.Density = None,
    threshold: of_graph.Threshold = None,
    mass: of_graph.Mass = None,
    top: of_graph.Top = 10,
    edit: EditTexts = None,
    edits: EditFile = None,
    output: of_graph.Output = None,
    format: of_graph.FormatName = None,
    dark: of_graph.Dark = False,
    measure: of_graph.Measure = False,
    as_json: Json = False,
) -> None:
    """Show the routes by which information reaches a prediction; without a cut, the main ones.

    A page (.html) has all edges and a slider, unless a cut is given.

    With --json: the graph as FlowGraph.load reads it, and with --measure faithfulness (retained, complement,
    random_retained, random_complement, kl, same_top_token).
    """
    options = {"metric": metric, "baseline": baseline, "norm": norm, "aggregate": aggregate}
    cuts = {"density": density, "threshold": threshold, "mass": mass}
    question = asked_question(method, position, target, contrast, options, cuts)
    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    places, kind = output_paths(output, len(texts), as_json=as_json), output_kind(output, format)
    opened, wanted = open_model(model), Wanted(top, is_dark=dark, measure=measure)

    def answer(text: str) -> GraphAnswer:
        return GraphAnswer.to(question, opened, run_prompt(opened, text, made), wanted)

    if kind is None:
        answer_each(texts, answer, as_json=as_json)
    else:
        write_each(texts, places, lambda text: answer(text).to_file(kind))
