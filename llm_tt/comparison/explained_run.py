"""`ExplainedRun`: one side of a comparison: a pass, what is explained of it, and by which method."""

from collections.abc import Sequence
from dataclasses import dataclass

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.method_list import DEFAULT_METHOD, Method
from llm_tt.attribution.methods import attribute_target
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.graph.building import build_graph
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.run import run_with_edits
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedRun:
    """Everything that was computed of one side."""

    model: LanguageModel
    trace: ForwardTrace
    shares: EdgeContributions
    target: Target
    """Whose numbers are told; also for methods that explain no target."""
    graph: FlowGraph
    """All edges of the prediction at the target's position."""

    @classmethod
    def of(
        cls, model: LanguageModel, trace: ForwardTrace, shares: EdgeContributions, target: Target
    ) -> "ExplainedRun":
        """The same with its graph, from contributions that are there already."""
        return cls(model, trace, shares, target, build_graph(shares, target.position))


def explain(  # noqa: PLR0913 (what is run, and what is asked of it)
    model: LanguageModel,
    prompt: str | ForwardTrace,
    method: Method = DEFAULT_METHOD,
    *,
    target_position: int = -1,
    target_token: int | str | None = None,
    contrast_token: int | str | None = None,
    edits: Sequence[Edit] = (),
) -> ExplainedRun:
    """Run a prompt and attribute its prediction, ready to be compared.

    Args:
        model: The model that reads it.
        prompt: A text, or a pass that is there already.
        method: As in `attribute`. "ifr" knows no target, but its numbers are told.
        target_position: Where the prediction stands.
        target_token: Its id or text; None for the model's own prediction.
        contrast_token: What the target is set against.
        edits: Interventions, where the prompt is a text.

    Raises:
        TargetError: position, token or contrast make no target.
        AttributionError: unknown method, or activations that are not finite.
        InterventionError: an edit that cannot act here.
        PromptError: the prompt is empty or too long.
    """
    trace = run_with_edits(model, prompt, edits) if isinstance(prompt, str) else prompt
    target = resolve_target(
        model, trace, position=target_position, token=target_token, contrast=contrast_token
    )
    shares = attribute_target(model, trace, method, target)
    return ExplainedRun.of(model, trace, shares, target)
