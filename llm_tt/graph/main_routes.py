"""The cut that a graph opens with: it shows the main routes and not yet everything."""

from llm_tt.graph.cuts import Cut
from llm_tt.graph.flow_graph import FlowGraph


def usual_cut(graph: FlowGraph) -> Cut:
    """The same as in the picture (flow_view/view_state.js)."""
    wanted = min(140, max(36, 9 * graph.lattice.n_layers + 2 * graph.target_position))
    alive = int((graph.survival > 0).sum())
    return Cut(density=min(wanted, max(1, alive)) / graph.n_candidates)
