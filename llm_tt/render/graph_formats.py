"""Every kind of file that a graph can become: for papers, for other tools, and to be read back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.errors import ExportError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.graph.graphml import to_graphml
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.circuit_tracer_json import circuit_tracer_json
from llm_tt.render.eap_json import eap_json
from llm_tt.render.edge_table import as_csv, as_parquet
from llm_tt.render.graph_html import Graph, drawn, graph_html
from llm_tt.render.pictures import picture_svg
from llm_tt.render.png import png_of
from llm_tt.render.script import GraphRecipe, script_of
from llm_tt.tracing.trace import ForwardTrace
from llm_tt.writing import write_whole


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What is known besides the graph; each format takes what it can use."""

    model: LanguageModel | None = None
    """With `trace`: then a page says how states read, too."""
    trace: ForwardTrace | None = None
    recipe: GraphRecipe | None = None
    """How the graph came about; a script needs it."""
    is_dark: bool = False
    """Of pictures; a page follows its reader's system."""
    measure: bool = False
    """Whether a page also says what the graph keeps of the prediction, measured."""


NOTHING_ELSE: Final = ExportContext()


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    name: str
    """As the command line has it."""
    label: str
    """As a menu has it."""
    suffix: str
    mime: str
    sentence: str
    """What it is for, as menus and help say it."""
    write: Callable[[FlowGraph, ExportContext], bytes]


def save_graph(  # noqa: PLR0913 (a graph, a place, and what is known besides)
    graph: Graph,
    path: Path | str,
    *,
    format: str | None = None,
    model: LanguageModel | None = None,
    trace: ForwardTrace | None = None,
    recipe: GraphRecipe | None = None,
    is_dark: bool = False,
    measure: bool = False,
) -> Path:
    """Write a graph into a file; its ending says what kind, unless `format` does.

    With `model` and `trace`, a page of HTML also says how states read, and with `measure` what the graph
    keeps of the prediction. An anatomy becomes html, svg or png.

    Raises:
        ExportError: there is no such format, the graph cannot become it, or the place cannot be written.
    """
    path = Path(path)
    context = ExportContext(model, trace, recipe, is_dark, measure)
    write_whole(path, graph_bytes(format_of(path, format), graph, context))
    return path


def graph_bytes(format: Format, graph: Graph, context: ExportContext = NOTHING_ELSE) -> bytes:
    """The content of such a file.

    Raises:
        ExportError: the graph cannot become it.
    """
    if isinstance(graph, AnatomyGraph):
        return _anatomy_bytes(format, graph, context)
    return format.write(graph, context)


def format_of(path: Path, name: str | None = None) -> Format:
    """The format that is named, or that the path's ending says.

    Raises:
        ExportError: there is no such format; the nearest is named.
    """
    said = name if name is not None else _ending(path)
    if said in FORMATS:
        return FORMATS[said]
    near = get_close_matches(said, FORMATS, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ExportError(
        asked=f"Write a graph into {path}.",
        found=f"There is no format {said!r}." if said else "Its name has no ending that says the format.",
        remedy=f"{hint}Formats are {', '.join(FORMATS)}.",
    )


def _ending(path: Path) -> str:
    """The name of a format whose suffix the path has, the longest; else what stands behind the last dot."""
    matching = [known for known in FORMATS.values() if path.name.lower().endswith(f".{known.suffix}")]
    if matching:
        return max(matching, key=lambda known: len(known.suffix)).name
    return path.suffix.removeprefix(".").lower()


def _html(graph: Graph, context: ExportContext) -> bytes:
    # What the graph was compared with, it is measured with.
    baseline = "mean" if context.recipe is None else context.recipe.baseline
    page = graph_html(graph, context.model, context.trace, measure=context.measure, baseline=baseline)
    return page.encode()


def _svg(graph: Graph, context: ExportContext) -> bytes:
    return _picture(graph, context).encode()


def _png(graph: Graph, context: ExportContext) -> bytes:
    return png_of(_picture(graph, context))


def _picture(graph: Graph, context: ExportContext) -> str:
    _, payload = drawn(graph)
    return picture_svg(payload, is_dark=context.is_dark)


def _json(graph: FlowGraph, _: ExportContext) -> bytes:
    return _as_text(graph.to_json())


def _graphml(graph: FlowGraph, _: ExportContext) -> bytes:
    return to_graphml(graph)


def _csv(graph: FlowGraph, _: ExportContext) -> bytes:
    return as_csv(graph)


def _parquet(graph: FlowGraph, _: ExportContext) -> bytes:
    return as_parquet(graph)


def _tracer(graph: FlowGraph, _: ExportContext) -> bytes:
    return _as_text(circuit_tracer_json(graph))


def _eap(graph: FlowGraph, context: ExportContext) -> bytes:
    width = 0 if context.model is None else context.model.dimensions.d_model
    return _as_text(eap_json(graph, d_model=width))


def _as_text(content: object) -> bytes:
    return (json.dumps(content, allow_nan=False) + "\n").encode()


def _script(graph: FlowGraph, context: ExportContext) -> bytes:
    if context.recipe is None:
        raise ExportError(
            asked="Write a script that makes the graph again.",
            found="It is not known how this graph came about.",
            remedy="Export it from the page or with llm-tt graph, or hand over a recipe.",
        )
    return script_of(context.recipe).encode()


_OF_ANATOMIES: Final[dict[str, Callable[[AnatomyGraph, ExportContext], bytes]]] = {
    "html": _html,
    "svg": _svg,
    "png": _png,
}


def for_anatomy(format: Format) -> Format:
    """The same, where an anatomy can become it: said before it is made.

    Raises:
        ExportError: it is for flow graphs alone.
    """
    if format.name not in _OF_ANATOMIES:
        raise ExportError(
            asked=f"Write an anatomy as {format.name}.",
            found="That format is for flow graphs.",
            remedy=f"Choose {', '.join(_OF_ANATOMIES)}; networkx writes what graph.to_networkx() gives.",
        )
    return format


def _anatomy_bytes(format: Format, graph: AnatomyGraph, context: ExportContext) -> bytes:
    return _OF_ANATOMIES[for_anatomy(format).name](graph, context)


_JSON: Final = "application/json"
_XML: Final = "application/xml"
_TRACER: Final = "circuit-tracer.json"
_PARQUET: Final = "application/vnd.apache.parquet"


def _formats() -> tuple[Format, ...]:
    return (
        Format("html", "HTML page", "html", "text/html", "can be clicked, in one file", _html),
        Format("svg", "SVG", "svg", "image/svg+xml", "a figure for a paper", _svg),
        Format("png", "PNG", "png", "image/png", "a figure in pixels", _png),
        Format("json", "JSON", "json", _JSON, "all of it; FlowGraph.load reads it back", _json),
        Format("graphml", "GraphML", "graphml", _XML, "for networkx, Gephi, yEd; read back too", _graphml),
        Format("csv", "CSV table", "csv", "text/csv", "edges, strongest first", _csv),
        Format("parquet", "Parquet table", "parquet", _PARQUET, "edges for pandas, polars, DuckDB", _parquet),
        Format("circuit-tracer", "circuit-tracer JSON", _TRACER, _JSON, "and for Neuronpedia", _tracer),
        Format("eap", "EAP circuit JSON", "eap.json", _JSON, "for EAP-IG and the MIB benchmark", _eap),
        Format("py", "Python script", "py", "text/x-python", "makes it again", _script),
    )


FORMATS: Final = {known.name: known for known in _formats()}
"""By name; a path may end in the suffix."""
