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
    return gradients_together(model, [trace], [target], rules, progress)[0]


def gradients_together(
    model: LanguageModel,
    traces: Sequence[ForwardTrace],
    targets: Sequence[Target],
    rules: Sequence[Hook] = (),
    progress: Progress = silent,
) -> list[TargetGradients]:
    """The same for several prompts of one length, from one pass: rows do not see each other.

    An edited trace has to be alone: its edits are hooks of its own.
    """
    added = _Added(traces[0].n_layers, progress)
    with model.lock, torch.enable_grad():
        telling = after_each_layer(traces[0].n_layers, within(progress, 0.0, 0.5))
        logits = model.run_rows(
            [trace.prompt.token_ids for trace in traces],
            [added.beginning, *rules, *_edits(traces[0]), *added.hooks, *telling],
        )
        rows = zip(targets, logits.to(model.compute_dtype), strict=True)
        number = torch.stack([target.measure(row[target.position]) for target, row in rows]).sum()
        found = torch.autograd.grad(number, list(added.tensors.values()))
    gradients = {
        place: gradient.to(model.device, model.compute_dtype)
        for place, gradient in zip(added.tensors, found, strict=True)
    }
    return [
        _laid_out({place: gradient[row] for place, gradient in gradients.items()}, trace)
        for row, trace in enumerate(traces)
    ]


class _Added:
    """What is added to the stream in one run, so that gradients can be asked for; in the order of the run."""

    def __init__(self, n_layers: int, progress: Progress) -> None:
        self.tensors: dict[tuple[Site, int], Tensor] = {}
        self._n_layers = n_layers
        self._progress = progress
        self.beginning = Hook(Site.RESID_PRE, 0, self._start)
        """Before all rules and edits, because it cuts off what lies before."""
        self.hooks = [
            Hook(site, layer, partial(self._keep, site, layer))
            for layer in range(n_layers)
            for site in (Site.ATTENTION_OUT, Site.MLP_OUT)
        ]

    def _start(self, embedding: Tensor) -> Tensor:
        self.tensors[Site.RESID_PRE, 0] = embedding.detach().requires_grad_()
        return self.tensors[Site.RESID_PRE, 0]

    def _keep(self, site: Site, layer: int, tensor: Tensor) -> Tensor:
        # A view of our own, handed on: in some families the hook sees a copy of what flows.
        own = self.tensors[site, layer] = tensor.view_as(tensor)
        if site is Site.MLP_OUT and self._progress is not silent:
            tell = partial(_tell, self._progress, 1 - layer / (2 * self._n_layers))
            own.register_hook(tell)  # type: ignore[no-untyped-call]
        return own


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
