"""How values look in a notebook: graphs as on the page, rankings and measurements as small tables."""

from functools import singledispatch

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.faithfulness.check import Faithfulness
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.lens.token_ranking import TokenRanking
from llm_tt.render.graph_html import notebook_output
from llm_tt.render.result_html import faithfulness_html, ranking_html


@singledispatch
def html_of(value: object) -> str:
    """A value as HTML.

    Raises:
        TypeError: nobody said how it looks.
    """
    message = f"A notebook does not know how to show {type(value).__name__}."
    raise TypeError(message)


html_of.register(FlowGraph, notebook_output)
html_of.register(AnatomyGraph, notebook_output)
html_of.register(TokenRanking, ranking_html)
html_of.register(Faithfulness, faithfulness_html)
