"""`graph_html`: a graph of ours as one HTML file that can be clicked without llm_tt and without a network."""

from typing import Final

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.attribution.baseline import BaselineName
from llm_tt.errors import ExportError
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.belonging import require_its_prompt
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.anatomy_payload import AnatomyCaption, anatomy_payload
from llm_tt.render.flow_news import curve_news, densities_of_meter, node_labels
from llm_tt.render.flow_payload import FlowCaption, graph_payload
from llm_tt.render.number_words import percent_text
from llm_tt.render.standalone_html import ANATOMY, FLOW, PictureCode, notebook_html, standalone_html
from llm_tt.render.target_label import label_of
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace

EDITED: Final = "edited"
"""How a picture calls a run with interventions."""

Graph = FlowGraph | AnatomyGraph


def graph_html(
    graph: Graph,
    model: LanguageModel | None = None,
    trace: ForwardTrace | None = None,
    *,
    measure: bool = False,
    baseline: BaselineName = "mean",
) -> str:
    """A page that shows the picture, and beside it all of what is clicked.

    Args:
        graph: A flow graph, cut or whole, or an anatomy.
        model: With `trace`, the run that a flow graph was made of: then the page says how states read.
        trace: The same pass.
        measure: Also measure what the graph keeps of the prediction; needs the run.
        baseline: What parts bring that are cut for that.

    Raises:
        ExportError: something was to be measured, and there is no run.
        GraphError: the run is of another prompt.
    """
    news = _news(graph, model, trace, baseline if measure else None)
    return standalone_html(*drawn(graph), title=graph.prompt.text, news=news)


def notebook_output(graph: Graph) -> str:
    """The same for one output of a notebook."""
    return notebook_html(*drawn(graph))


def drawn(graph: Graph) -> tuple[PictureCode, bytes]:
    """How a graph is drawn, and its bytes."""
    run_label = EDITED if _is_edited(graph) else None
    if isinstance(graph, AnatomyGraph):
        return ANATOMY, anatomy_payload(graph, AnatomyCaption("file", "file", run_label))
    return FLOW, graph_payload(graph, FlowCaption("file", "file", _target_label(graph), run_label))


def _is_edited(graph: Graph) -> bool:
    return graph.is_edited if isinstance(graph, AnatomyGraph) else graph.record.is_edited


def _target_label(graph: FlowGraph) -> str:
    """What is explained; for methods without a target, what the model says there."""
    if graph.record.explained is not None:
        return label_of(graph.record.explained)
    if not graph.record.predictions:
        return ""
    said = graph.record.predictions[graph.target_position]
    return f"{visible_token(said.token)}  {percent_text(said.probability)}"


def _news(
    graph: Graph, model: LanguageModel | None, trace: ForwardTrace | None, measured_with: BaselineName | None
) -> dict[str, object] | None:
    if isinstance(graph, AnatomyGraph) or model is None or trace is None:
        if measured_with is not None:
            raise ExportError(
                asked="Write a page that says what the graph keeps.",
                found="An anatomy has no such measure."
                if isinstance(graph, AnatomyGraph)
                else "The model and the trace are not there.",
                remedy="Hand over a flow graph with model= and trace=, or leave measure out.",
            )
        return None
    require_its_prompt(graph, trace, "Write a page that says what the run says of the graph.")
    news: dict[str, object] = {"labels": node_labels(model, trace, graph)}
    if measured_with is not None:
        curve = faithfulness_curve(model, trace, graph, densities_of_meter(graph), baseline=measured_with)
        news["curve"] = curve_news(curve, "the prediction" if graph.explains is None else "the target")
    return news
