"""`measured_effect`: what edits really do to a prediction, in one run; `cut`: a part as an edit."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from llm_tt.attribution.baseline import BaselineName
from llm_tt.attribution.divergence import divergence
from llm_tt.attribution.target import Target
from llm_tt.intervention.checking import check_positions
from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edited_run import edited_logits
from llm_tt.intervention.edits import Ablate, Edit
from llm_tt.intervention.run import AppliedEdits, baseline_share
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class MeasuredEffect:
    """Plain values."""

    before: float
    """The target's measure: a logit, a difference of logits, or a log-probability."""
    after: float
    probability_before: float
    """Of the target's token."""
    probability_after: float
    same_top_token: bool
    """Whether the prediction stays the same token."""
    kl: float
    """Divergence of the edited prediction from the one before, in nats."""

    @property
    def change(self) -> float:
        """Negative where the edits took something from the target."""
        return self.after - self.before


def cut(part: Part, baseline: BaselineName = "mean") -> tuple[Edit, ...]:
    """The edits that switch one part of a pass off.

    Raises:
        InterventionError: it is a state or a residual edge, which nothing writes on its own.
    """
    return (Ablate.part(part, baseline=baseline),)


def measured_effect(
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    edits: Sequence[Edit],
    progress: Progress = silent,
) -> MeasuredEffect:
    """Run the tokens up to the target with edits, and compare its prediction with the trace's.

    Of a trace with edits, these come on top.

    Raises:
        TargetError: an edit names something that is not in the model, or a position behind the prompt.
        CapabilityError: it names a neuron, and the model has no single neurons.
    """
    check_positions(edits, len(trace.prompt))
    made = trace.changes.edits if isinstance(trace.changes, AppliedEdits) else ()
    token_ids = trace.prompt.token_ids[: target.position + 1]
    with model.lock:
        begin = baseline_share(model, edits)
        plan = EditPlan(model, [*made, *edits], within(progress, 0.0, begin))
        hooks = EditHooks(plan, len(trace.prompt))
        logits = edited_logits(model, token_ids, hooks, within(progress, begin, 1.0))[-1]
    return effect_between(target, trace.logits[target.position], logits.to(trace.logits))


def effect_between(target: Target, before: Tensor, after: Tensor) -> MeasuredEffect:
    """Two predictions [d_vocab], as seen from a target."""
    logs_before, logs_after = (logits.cpu().double().log_softmax(-1) for logits in (before, after))
    return MeasuredEffect(
        before=float(target.measure(before)),
        after=float(target.measure(after)),
        probability_before=float(logs_before[target.token_id].exp()),
        probability_after=float(logs_after[target.token_id].exp()),
        same_top_token=int(before.argmax()) == int(after.argmax()),
        kl=float(divergence(logs_before, logs_after)),
    )
