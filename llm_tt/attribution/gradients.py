"""How a target changes with every state: one forward and one backward pass.

The gradient at a state is read where something is added to it: what attention adds reaches nothing but the
state behind it, so both have the same gradient. That holds for every family, whatever else reads the state.
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from llm_tt.attribution.target import Target, TargetGradients
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.tracing.progress import Progress, after_each_layer, silent, within
from llm_tt.tracing.trace import ForwardTrace


def target_gradients(
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    rules: Sequence[Hook] = (),
    progress: Progress = silent,
) -> TargetGradients:
    """Gradients of the target at every state; `rules` are hooks that change how gradients flow, no values.

    The edits of an edited trace are made again, behind the rules: those see what edits were given.
    """
    layers = range(trace.n_layers)
    added: dict[tuple[Site, int], Tensor] = {}

    def start(embedding: Tensor) -> Tensor:
        added[Site.RESID_PRE, 0] = embedding.detach().requires_grad_()
        return added[Site.RESID_PRE, 0]

    def keep(site: Site, layer: int) -> Hook:
        def pass_on(tensor: Tensor) -> Tensor:
            # A view of our own, handed on: in some families the hook sees a copy of what flows.
            added[site, layer] = tensor.view_as(tensor)
            if site is Site.MLP_OUT and progress is not silent:
                tell = partial(_tell, progress, 1 - layer / (2 * trace.n_layers))
                added[site, layer].register_hook(tell)  # type: ignore[no-untyped-call]
            return added[site, layer]

        return Hook(site, layer, pass_on)

    keepers = [keep(site, layer) for layer in layers for site in (Site.ATTENTION_OUT, Site.MLP_OUT)]
    with model.lock, torch.enable_grad():
        telling = after_each_layer(trace.n_layers, within(progress, 0.0, 0.5))
        logits = model.run(
            trace.prompt.token_ids,
            [Hook(Site.RESID_PRE, 0, start), *rules, *_edits(trace), *keepers, *telling],
        )
        number = target.measure(logits[target.position].to(model.compute_dtype))
        places = [(Site.RESID_PRE, 0), *((hook.site, hook.layer) for hook in keepers)]
        found = torch.autograd.grad(number, [added[place] for place in places])
    gradients = {
        place: gradient[0].to(model.device, model.compute_dtype)
        for place, gradient in zip(places, found, strict=True)
    }
    return _laid_out(gradients, trace)


def _laid_out(gradients: dict[tuple[Site, int], Tensor], trace: ForwardTrace) -> TargetGradients:
    layers = range(trace.n_layers)
    post = torch.stack([gradients[Site.MLP_OUT, layer] for layer in layers])
    parallel = trace.resid_mid is None
    return TargetGradients(
        pre=torch.cat([gradients[Site.RESID_PRE, 0][None], post[:-1]]),
        mid=None if parallel else torch.stack([gradients[Site.ATTENTION_OUT, layer] for layer in layers]),
        post=post,
    )


def _edits(trace: ForwardTrace) -> list[Hook]:
    return [] if trace.changes is None else trace.changes.hooks()


def _tell(progress: Progress, share: float, _: Tensor) -> None:
    progress(share)


def direct_gradients(
    model: LanguageModel, trace: ForwardTrace, target: Target, progress: Progress = silent
) -> TargetGradients:
    """The direction that the target reads from the last state with the final norm frozen, at its position.

    What is written there reaches the prediction directly, from any layer alike; what is written at other
    positions does so only through later heads, which direct attribution leaves out.
    """
    last: list[Tensor] = []

    def start(state: Tensor) -> Tensor:
        last.append(state.detach().requires_grad_())
        return last[0]

    hooks = [*_edits(trace), Hook(Site.RESID_POST, trace.n_layers - 1, start)]
    hooks += after_each_layer(trace.n_layers, progress)
    if model.has_site(Site.FINAL_NORM):
        hooks.append(Hook(Site.FINAL_NORM, 0, Tensor.detach))
    with model.lock, torch.enable_grad():
        logits = model.run(trace.prompt.token_ids, hooks)
        number = target.measure(logits[target.position].to(model.compute_dtype))
        (gradient,) = torch.autograd.grad(number, last)
    everywhere = gradient.to(model.device, model.compute_dtype).expand(trace.n_layers, -1, -1)
    return TargetGradients(
        pre=everywhere, mid=None if trace.resid_mid is None else everywhere, post=everywhere
    )
