"""The direction along which a target's logit reads the last state."""

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.target import Target, resolve_position
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace


def target_direction(model: LanguageModel, trace: ForwardTrace, target: Target) -> Float[Tensor, " d_model"]:
    """What `vector @ direction` changes: the target's logit, minus its contrast's, final norm frozen.

    Of all that is written at the target's position; the norm's weight and its factor there are in it. The
    parts of the last state, plus the logits of a state of zeros, give the logit before any cap, also where
    the target is measured as a log-probability.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the target lies outside the prompt.
    """
    check_lens(model)
    scale = float(trace.final_norm_scale[resolve_position(trace, target.position)])
    with torch.enable_grad():  # reading a part is linear, so its gradient is the same everywhere
        probe = torch.zeros_like(trace.stream[0, 0], requires_grad=True)
        logits = model.read_part(probe, scale)
        number = logits[target.token_id]
        if target.contrast_id is not None:
            number = number - logits[target.contrast_id]
        (direction,) = torch.autograd.grad(number, probe)
    return direction


@torch.no_grad()
def target_constant(model: LanguageModel, target: Target) -> float:
    """What a state of zeros holds of the target, which no part brings: biases of final norm and unembedding.

    What the parts of a last state hold of the direction, and this, add up to the logit before any cap.
    """
    nothing = torch.zeros(model.dimensions.d_model, dtype=model.compute_dtype, device=model.device)
    logits = model.read_out(nothing).to(model.compute_dtype)
    against = 0.0 if target.contrast_id is None else float(logits[target.contrast_id])
    return float(logits[target.token_id]) - against
