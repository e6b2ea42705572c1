"""Whether a graph and a pass belong together: a graph from a file may meet the trace of another prompt."""

from llm_tt.errors import GraphError
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.tracing.trace import ForwardTrace


def require_its_prompt(graph: FlowGraph, trace: ForwardTrace, asked: str) -> None:
    """Refuse a trace of other tokens: with equally many, all would run, and every number would be wrong.

    Raises:
        GraphError: the prompts differ.
    """
    if graph.prompt.token_ids == trace.prompt.token_ids:
        return
    raise GraphError(
        asked=asked,
        found=f"The graph is of {_short(graph.prompt.text)}, the trace of {_short(trace.prompt.text)}.",
        remedy="Hand over the trace of the graph's prompt: capture(model, graph.prompt.text).",
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
