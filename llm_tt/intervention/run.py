"""`run_with_edits`: a prompt's pass with parts of it changed, as a trace that says what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.baseline import BASELINE_SHARE, is_known
from llm_tt.intervention.blending import Window, needs_usual
from llm_tt.intervention.checking import check_positions
from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edit_words import sentence_of
from llm_tt.intervention.edited_run import refuse_damage, settle
from llm_tt.intervention.edits import Edit
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.changes import Changes
from llm_tt.tracing.forward import capture, check_prompt
from llm_tt.tracing.memory import check_memory
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class AppliedEdits(Changes):
    """Changes that remember the edits which made them."""

    edits: tuple[Edit, ...]

    def in_words(self) -> tuple[str, ...]:
        """The edits as sentences."""
        return tuple(map(sentence_of, self.edits))


def run_with_edits(
    model: LanguageModel,
    prompt: str | Prompt,
    edits: Sequence[Edit],
    *,
    memory_limit: int | None = None,
    progress: Progress | None = None,
) -> ForwardTrace:
    """Run a prompt with edits and keep its trace; without edits that is `capture`.

    In families whose patterns are seen late (GPT-Neo, GPT-J, OPT) edits of single messages take one run more
    for each of their layers. Nothing of an edit stays in the model.

    Args:
        model: An opened model.
        prompt: Text, or tokens from `model.tokenize`.
        edits: What is changed, in this order.
        memory_limit: As in `capture`.
        progress: Called with the finished share; what it raises stops the run.

    Raises:
        PromptError: the prompt is empty, or longer than the model's context.
        TargetError: an edit names something that is not in the model, or a position behind the prompt.
        CapabilityError: it names a neuron, and the model has no single neurons.
        MemoryLimitError: the run would need more memory than allowed; nothing was run.
        InterventionError: the edits are so strong that predictions are no numbers any more.
    """
    if isinstance(prompt, str):
        prompt = model.tokenize(prompt)
    if not edits:
        return capture(model, prompt, memory_limit=memory_limit, progress=progress)
    check_prompt(model, prompt)
    check_positions(edits, len(prompt))
    with model.lock, torch.no_grad():
        check_memory(model, len(prompt), memory_limit)
        begin, telling = baseline_share(model, edits), progress or silent
        plan = EditPlan(model, edits, within(telling, 0.0, begin))
        hooks = EditHooks(plan, len(prompt))
        last = settle(model, prompt.token_ids, hooks, within(telling, begin, 1.0))
        trace = capture(model, prompt, memory_limit=memory_limit, progress=last, edits=hooks.hooks())
        refuse_damage(trace.logits)
        return _with_changes(model, trace, plan)


def baseline_share(model: LanguageModel, edits: Sequence[Edit]) -> float:
    """How much of the time goes into knowing what is usual."""
    return BASELINE_SHARE if needs_usual(edits) and not is_known(model, "mean") else 0.0


def _with_changes(model: LanguageModel, trace: ForwardTrace, plan: EditPlan) -> ForwardTrace:
    """The trace, which shows edited values, with what it does not show."""
    n_positions = len(trace.prompt)
    window = Window(0, n_positions, n_positions)
    message_factor, attention_outside = {}, {}
    for layer, edits in plan.attention.items():
        pattern, blends = trace.patterns[layer], edits.blends(window)
        message_factor[layer] = edits.message_factor(blends, pattern)
        columns = edits.columns(pattern[None]) if edits.needs_pattern else None
        mixed = edits.outside(blends, columns, pattern)
        if mixed is not None:
            attention_outside[layer] = _written(model, trace, layer, mixed[0])
    factors = {layer: edits.factor(window, trace.mlp_out) for layer, edits in plan.mlps.items()}
    outside = {layer: edits.outside(window, trace.mlp_out) for layer, edits in plan.mlps.items()}
    mlp_factor = {layer: factor for layer, factor in factors.items() if factor is not None}
    known = {layer: plan.attention[layer].columns(trace.patterns[layer][None]) for layer in plan.late_layers}
    changes = AppliedEdits(
        hooks=lambda: EditHooks(plan, n_positions, known).hooks(),
        message_factor=message_factor,
        attention_outside=attention_outside,
        mlp_factor=mlp_factor,
        mlp_outside={layer: added for layer, added in outside.items() if added is not None},
        edits=plan.edits,
    )
    mlp_scale = trace.mlp_scale.clone()
    for layer, factor in mlp_factor.items():
        mlp_scale[layer] *= factor
    return replace(trace, mlp_scale=mlp_scale, changes=changes)


def _written(
    model: LanguageModel, trace: ForwardTrace, layer: int, mixed: Float[Tensor, "query head d_head"]
) -> Float[Tensor, "query d_model"]:
    """What mixed values add to the stream."""
    head_out = model.layer_weights(layer).head_out
    written = einsum(mixed, head_out, "query head d_head, head d_head d_model -> query d_model")
    return written * rearrange(trace.attention_scale[layer], "query -> query 1")
