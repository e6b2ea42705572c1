"""llm_tt: information-flow graphs of decoder language models.

    import llm_tt

    model = llm_tt.load_model("small-world")     # or a folder, or a hub name
    trace = llm_tt.capture(model, "When Mary and John went to the store, John gave a drink to")
    tokens = llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=10)

    shares = llm_tt.attribute(model, trace, "relp", target_token=" Mary", contrast_token=" John")
    graph = llm_tt.build_graph(shares)
    small = graph.prune(density=0.02)
    card = llm_tt.check_faithfulness(model, trace, small)

Names are imported when they are first used: `import llm_tt` costs nothing, `llm_tt.load_model` imports torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llm_tt import anatomy as anatomy
    from llm_tt.attribution.baseline import Baseline as Baseline
    from llm_tt.attribution.baseline import mean_baseline as mean_baseline
    from llm_tt.attribution.contributions import EdgeContributions as EdgeContributions
    from llm_tt.attribution.methods import attribute as attribute
    from llm_tt.attribution.neurons import NeuronContributions as NeuronContributions
    from llm_tt.attribution.neurons import attribute_neurons as attribute_neurons
    from llm_tt.attribution.target import Target as Target
    from llm_tt.batch.options import BatchOptions as BatchOptions
    from llm_tt.batch.running import run_batch as run_batch
    from llm_tt.comparison.compared import Comparison as Comparison
    from llm_tt.comparison.compared import compare as compare
    from llm_tt.comparison.explained_run import explain as explain
    from llm_tt.concepts.head_directions import singular_directions as singular_directions
    from llm_tt.concepts.head_tokens import looked_for as looked_for
    from llm_tt.concepts.head_tokens import ov_tokens as ov_tokens
    from llm_tt.concepts.index_building import build_index as build_index
    from llm_tt.concepts.nearest_tokens import nearest_tokens as nearest_tokens
    from llm_tt.concepts.neuron_index import NeuronIndex as NeuronIndex
    from llm_tt.concepts.notebook import Notebook as Notebook
    from llm_tt.concepts.strongest_pairs import strongest_pairs as strongest_pairs
    from llm_tt.errors import LlmTtError as LlmTtError
    from llm_tt.faithfulness.check import Faithfulness as Faithfulness
    from llm_tt.faithfulness.check import check_faithfulness as check_faithfulness
    from llm_tt.faithfulness.curve import faithfulness_curve as faithfulness_curve
    from llm_tt.faithfulness.single_edges import single_edge_effects as single_edge_effects
    from llm_tt.graph.building import build_graph as build_graph
    from llm_tt.graph.flow_graph import FlowGraph as FlowGraph
    from llm_tt.intervention.basket import Basket as Basket
    from llm_tt.intervention.edits import Ablate as Ablate
    from llm_tt.intervention.edits import Scale as Scale
    from llm_tt.intervention.edits import SetNeuron as SetNeuron
    from llm_tt.intervention.generation import Generation as Generation
    from llm_tt.intervention.generation import generate as generate
    from llm_tt.intervention.measuring import measured_effect as measured_effect
    from llm_tt.intervention.run import run_with_edits as run_with_edits
    from llm_tt.intervention.sampling import Sampling as Sampling
    from llm_tt.intervention.steering import Steer as Steer
    from llm_tt.lens.promotion import Promotion as Promotion
    from llm_tt.lens.promotion import promoted_tokens as promoted_tokens
    from llm_tt.lens.token_ranking import TokenRanking as TokenRanking
    from llm_tt.lens.token_ranking import rank_tokens as rank_tokens
    from llm_tt.lens.written import written_by as written_by
    from llm_tt.model.language_model import LanguageModel as LanguageModel
    from llm_tt.model.loading import load_model as load_model
    from llm_tt.model.prompt import Prompt as Prompt
    from llm_tt.model.spec import ModelSpec as ModelSpec
    from llm_tt.render.graph_formats import save_graph as save_graph
    from llm_tt.render.graph_html import graph_html as graph_html
    from llm_tt.summaries.report import summarize_runs as summarize_runs
    from llm_tt.summaries.runs import open_runs as open_runs
    from llm_tt.tracing.continuation import continue_prompt as continue_prompt
    from llm_tt.tracing.forward import capture as capture
    from llm_tt.tracing.parts import Part as Part
    from llm_tt.tracing.trace import ForwardTrace as ForwardTrace

__version__ = "0.1.0"

_HOMES = {
    "Ablate": "llm_tt.intervention.edits",
    "Baseline": "llm_tt.attribution.baseline",
    "Basket": "llm_tt.intervention.basket",
    "BatchOptions": "llm_tt.batch.options",
    "Comparison": "llm_tt.comparison.compared",
    "EdgeContributions": "llm_tt.attribution.contributions",
    "Faithfulness": "llm_tt.faithfulness.check",
    "FlowGraph": "llm_tt.graph.flow_graph",
    "ForwardTrace": "llm_tt.tracing.trace",
    "Generation": "llm_tt.intervention.generation",
    "LanguageModel": "llm_tt.model.language_model",
    "LlmTtError": "llm_tt.errors",
    "ModelSpec": "llm_tt.model.spec",
    "NeuronContributions": "llm_tt.attribution.neurons",
    "NeuronIndex": "llm_tt.concepts.neuron_index",
    "Notebook": "llm_tt.concepts.notebook",
    "Part": "llm_tt.tracing.parts",
    "Promotion": "llm_tt.lens.promotion",
    "Prompt": "llm_tt.model.prompt",
    "Sampling": "llm_tt.intervention.sampling",
    "Scale": "llm_tt.intervention.edits",
    "SetNeuron": "llm_tt.intervention.edits",
    "Steer": "llm_tt.intervention.steering",
    "Target": "llm_tt.attribution.target",
    "TokenRanking": "llm_tt.lens.token_ranking",
    "attribute": "llm_tt.attribution.methods",
    "attribute_neurons": "llm_tt.attribution.neurons",
    "build_graph": "llm_tt.graph.building",
    "build_index": "llm_tt.concepts.index_building",
    "capture": "llm_tt.tracing.forward",
    "check_faithfulness": "llm_tt.faithfulness.check",
    "compare": "llm_tt.comparison.compared",
    "continue_prompt": "llm_tt.tracing.continuation",
    "explain": "llm_tt.comparison.explained_run",
    "faithfulness_curve": "llm_tt.faithfulness.curve",
    "generate": "llm_tt.intervention.generation",
    "graph_html": "llm_tt.render.graph_html",
    "load_model": "llm_tt.model.loading",
    "looked_for": "llm_tt.concepts.head_tokens",
    "mean_baseline": "llm_tt.attribution.baseline",
    "measured_effect": "llm_tt.intervention.measuring",
    "nearest_tokens": "llm_tt.concepts.nearest_tokens",
    "open_runs": "llm_tt.summaries.runs",
    "ov_tokens": "llm_tt.concepts.head_tokens",
    "promoted_tokens": "llm_tt.lens.promotion",
    "rank_tokens": "llm_tt.lens.token_ranking",
    "run_batch": "llm_tt.batch.running",
    "run_with_edits": "llm_tt.intervention.run",
    "save_graph": "llm_tt.render.graph_formats",
    "single_edge_effects": "llm_tt.faithfulness.single_edges",
    "singular_directions": "llm_tt.concepts.head_directions",
    "strongest_pairs": "llm_tt.concepts.strongest_pairs",
    "summarize_runs": "llm_tt.summaries.report",
    "written_by": "llm_tt.lens.written",
}

__all__ = [*_HOMES]


_FLOORS = ("anatomy",)
"""Floors that are used by their own name: `llm_tt.anatomy.flow`."""


def __getattr__(name: str) -> object:
    if name in _FLOORS:
        return import_module(f"llm_tt.{name}")
    if name not in _HOMES:
        message = f"module 'llm_tt' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
