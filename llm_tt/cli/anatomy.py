"""The command `llm-tt anatomy`: some layers down to single neurons, as a table and as a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.cli.answers import answer_each, what_was_asked, write_each
from llm_tt.cli.choices import one_of
from llm_tt.cli.files import output_kind, output_paths
from llm_tt.cli.graph_options import Dark
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
from llm_tt.cli.stderr import working
from llm_tt.render.number_words import plain_text, signed_text
from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.anatomy.anatomy_graph import AnatomyGraph
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.render.graph_formats import Format
    from llm_tt.tracing.trace import ForwardTrace

MEASURES = ("contribution", "norm", "attention")
TOKENS_SHOWN = 4

_Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="A file for the picture: .html (to click), .svg or .png; - is standard output; out-{n}.html "
        "is for many prompts.",
    ),
]
_FormatName = Annotated[
    str | None,
    typer.Option("--format", help="The kind of file where its name does not say it: html, svg or png."),
]


def anatomy(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    layers: Annotated[str, typer.Option(help="One layer, or several: 3 or 2-3; by default the last.")] = "",
    target: TargetToken = None,
    contrast: ContrastToken = None,
    position: Position = -1,
    by: Annotated[
        str, typer.Option("--by", help="What parts are chosen by: contribution, norm or attention.")
    ] = "contribution",
    edit: EditTexts = None,
    edits: EditFile = None,
    output: _Output = None,
    format: _FormatName = None,
    dark: Dark = False,
    as_json: Json = False,
) -> None:
    """Dissect layers down to single neurons: what each part writes towards a token, and how it reads.

    With --json: model, prompt, prompt_tokens, edits, position, target (token, id, contrast, value), layers,
    measure, nodes (name, contribution, norm, target_rank, reads_as) and notes.
    """
    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    places = output_paths(output, len(texts), as_json=as_json)
    kind = _kind(output, format)
    one_of(by, MEASURES, "--by")
    opened = open_model(model)
    asked = {"target": target, "contrast": contrast, "position": position, "measure": by}

    def answer(text: str) -> AnatomyAnswer:
        run = run_prompt(opened, text, made)
        return _dissected(opened, run, _layers(layers, run.n_layers), asked)

    if kind is None:
        answer_each(texts, answer, as_json=as_json)
    else:
        write_each(texts, places, lambda text: answer(text).to_file(kind, is_dark=dark))


def _kind(output: Path | None, name: str | None) -> "Format | None":
    kind = output_kind(output, name)
    if kind is None:
        return None
    from llm_tt.render.graph_formats import for_anatomy

    return for_anatomy(kind)


@dataclass(frozen=True, slots=True)
class AnatomyAnswer:
    """Layers at one position."""

    asked: dict[str, object]
    model: "LanguageModel"
    graph: "AnatomyGraph"

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        nodes = self.graph.nodes
        columns = zip(
            self.graph.names,
            nodes.contribution.tolist(),
            nodes.norm.tolist(),
            nodes.rank.tolist(),
            map(self._tokens, nodes.promoted.tolist()),
            strict=True,
        )
        keys = ("name", "contribution", "norm", "target_rank", "reads_as")
        return {
            **self.asked,
            "layers": list(self.graph.layers),
            "measure": self.graph.measure,
            "nodes": [dict(zip(keys, row, strict=True)) for row in columns],
            "notes": [*self.graph.notes, *self.graph.neuron_notes],
        }

    def to_print(self) -> list[RenderableType]:
        """One row a node."""
        table = Table("node", "to the target", "length", "target's rank", "reads as")
        nodes = self.graph.nodes
        for place, name in enumerate(self.graph.names):
            tokens = self._tokens(nodes.promoted[place][:TOKENS_SHOWN].tolist())
            table.add_row(
                name,
                signed_text(nodes.contribution[place], 3),
                plain_text(nodes.norm[place]),
                f"{nodes.rank[place]:,}" if nodes.rank[place] else "",
                Text("  ".join(map(visible_token, tokens))),
            )
        return [table, *map(Text, (*self.graph.notes, *self.graph.neuron_notes))]

    def to_file(self, kind: "Format", *, is_dark: bool) -> tuple[bytes, str]:
        """The picture, and what is said about it."""
        from llm_tt.render.graph_formats import ExportContext, graph_bytes

        content = graph_bytes(kind, self.graph, ExportContext(is_dark=is_dark))
        return content, f"{len(self.graph.names):,} nodes"

    def _tokens(self, ids: list[int]) -> list[str]:
        return list(self.model.token_strings([token_id for token_id in ids if token_id >= 0]))


def _dissected(
    model: "LanguageModel", run: "ForwardTrace", layers: range, options: Mapping[str, object]
) -> AnatomyAnswer:
    from llm_tt.anatomy.building import flow
    from llm_tt.attribution.run_record import explained_of

    with working("dissecting"):
        graph = flow(model, run, layers, **options)  # type: ignore[arg-type]
    said = explained_of(model, run, graph.target)
    target = {
        "token": said.token,
        "id": graph.target.token_id,
        "contrast": said.contrast,
        "value": said.value,
    }
    asked = {**what_was_asked(model, run), "position": graph.target.position, "target": target}
    return AnatomyAnswer(asked, model, graph)


def _layers(text: str, n_layers: int) -> range:
    found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", text or str(n_layers - 1))
    if found is None:
        message = f"{text} names no layers; say 3, or 2-3."
        raise typer.BadParameter(message, param_hint="--layers")
    return range(int(found[1]), int(found[2] or found[1]) + 1)
