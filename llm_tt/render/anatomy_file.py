"""`anatomy_html`: an anatomy as one HTML file, from the library alone."""

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.anatomy_html import standalone_html
from llm_tt.render.anatomy_payload import AnatomyCaption, anatomy_payload
from llm_tt.render.target_label import target_label
from llm_tt.tracing.trace import ForwardTrace


def anatomy_html(model: LanguageModel, trace: ForwardTrace, graph: AnatomyGraph) -> str:
    """A page that shows the picture, and beside it all of what is clicked; it asks no network."""
    caption = AnatomyCaption(
        run="file", prompt="file", target_label=target_label(model, trace, target=graph.target)
    )
    return standalone_html(anatomy_payload(model, graph, caption), title=graph.prompt.text)
