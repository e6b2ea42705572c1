"""`capture`: run a prompt once and keep what flowed through every site that the trace needs.

The trace's tensors are allocated before the run; each hook copies its tensor into its place. So nothing
is kept twice, half precisions are upcast on the way, and layers on several devices end up on one. Only the
attention patterns, half of a long trace, are kept as they are.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from llm_tt.errors import PromptError
from llm_tt.model.check_up import Capability
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.memory import check_memory
from llm_tt.tracing.progress import Progress, after_each_layer, silent
from llm_tt.tracing.trace import ForwardTrace


def capture(
    model: LanguageModel,
    prompt: str | Prompt,
    *,
    memory_limit: int | None = None,
    progress: Progress | None = None,
    edits: Sequence[Hook] = (),
) -> ForwardTrace:
    """Run a prompt and keep its trace.

    Args:
        model: An opened model.
        prompt: Text, or tokens from `model.tokenize`.
        memory_limit: In bytes; None allows most of what is free on the model's device.
        progress: Called with the finished share after each layer; what it raises stops the run.
        edits: Hooks that change the run; the trace shows what they leave. `run_with_edits` makes them, and
            adds the `changes` without which sums of such a trace do not close.

    Raises:
        PromptError: the prompt is empty, or longer than the model's context.
        MemoryLimitError: the run would need more memory than allowed; nothing was run.
    """
    if isinstance(prompt, str):
        prompt = model.tokenize(prompt)
    return _captured(model, [prompt], memory_limit, progress or silent, edits)[0]


def capture_together(model: LanguageModel, prompts: Sequence[Prompt]) -> list[ForwardTrace]:
    """The traces of several prompts of one length, from one run; each is a trace like any other.

    Raises:
        PromptError: a prompt is empty, or longer than the model's context.
        MemoryLimitError: the run would need more memory than is free; nothing was run.
        ValueError: their lengths differ.
    """
    if len({len(prompt) for prompt in prompts}) > 1:
        message = "prompts that are run together have one length"
        raise ValueError(message)
    return _captured(model, prompts, None, silent, ()) if prompts else []


def _captured(
    model: LanguageModel,
    prompts: Sequence[Prompt],
    memory_limit: int | None,
    progress: Progress,
    edits: Sequence[Hook],
) -> list[ForwardTrace]:
    for prompt in prompts:
        check_prompt(model, prompt)
    n_positions = len(prompts[0])
    with model.lock, torch.no_grad():  # whoever waits for the model has not taken memory for a trace yet
        check_memory(model, n_positions, memory_limit, n_prompts=len(prompts))
        recorder = _Recorder(model, len(prompts), n_positions)
        telling = after_each_layer(model.dimensions.n_layers, progress)
        rows = [prompt.token_ids for prompt in prompts]
        logits = model.run_rows(rows, [*edits, *recorder.hooks, *telling])
        return recorder.traces(prompts, logits)


def check_prompt(model: LanguageModel, prompt: Prompt) -> None:
    """Refuse a prompt that the model cannot read."""
    if not prompt.text or not prompt.token_ids:
        raise PromptError(
            asked="Trace a prompt.",
            found="It is empty." if not prompt.text else f"{prompt.text!r} has no tokens in this model.",
            remedy="Type some text.",
        )
    longest = model.dimensions.n_context
    if longest is not None and len(prompt) > longest:
        raise PromptError(
            asked="Trace a prompt.",
            found=f"It has {len(prompt):,} tokens, and {model.spec.source} reads at most {longest:,}.",
            remedy="Shorten it.",
        )


class _Recorder:
    """The traces' tensors, allocated but empty, and the hooks that fill them during one run.

    The prompts come first, so that each trace is memory in one piece.
    """

    def __init__(self, model: LanguageModel, n_prompts: int, n_positions: int) -> None:
        sizes = model.dimensions
        self._model = model
        self._n_prompts = n_prompts
        self._n_positions = n_positions
        self.hooks: list[Hook] = []
        has_neurons = model.self_test.has(Capability.NEURONS)

        self._stream = self._empty(sizes.n_layers + 1, n_positions, sizes.d_model)
        self._keep(Site.RESID_PRE, self._stream[:, :-1])
        self.hooks.append(Hook(Site.RESID_POST, sizes.n_layers - 1, _copy_into(self._stream[:, -1])))

        self._resid_mid = None if sizes.parallel_blocks else self._per_layer(Site.RESID_MID, sizes.d_model)
        self._attention_out = self._per_layer(Site.ATTENTION_OUT, sizes.d_model)
        self._mlp_out = self._per_layer(Site.MLP_OUT, sizes.d_model)
        self._mlp_activations = self._per_layer(Site.NEURONS, sizes.d_mlp) if has_neurons else None
        self._values = self._per_layer(Site.VALUES, sizes.n_kv_heads, sizes.d_head)
        self._patterns: list[Tensor] = []
        self.hooks.extend(Hook(Site.PATTERN, layer, self._keep_pattern) for layer in range(sizes.n_layers))

        # Divisors become factors in `trace`.
        self._attention_norm = self._post_norm(Site.ATTENTION_POST_NORM)
        self._mlp_norm = self._post_norm(Site.MLP_POST_NORM)
        self._final_norm = self._empty(n_positions, 1).fill_(1.0)
        if model.has_site(Site.FINAL_NORM):
            self.hooks.append(Hook(Site.FINAL_NORM, 0, _copy_into(self._final_norm)))

    def traces(self, prompts: Sequence[Prompt], logits: Tensor) -> list[ForwardTrace]:
        """Freeze what the hooks filled in; a prompt's trace is a view of it."""
        logits = logits.detach().to(self._model.device, self._model.compute_dtype)
        attention_scale, mlp_scale, final_scale = (
            norm.reciprocal_()[..., 0] for norm in (self._attention_norm, self._mlp_norm, self._final_norm)
        )
        return [
            ForwardTrace(
                prompt=prompt,
                stream=self._stream[row],
                resid_mid=None if self._resid_mid is None else self._resid_mid[row],
                attention_out=self._attention_out[row],
                mlp_out=self._mlp_out[row],
                patterns=tuple(pattern[row] for pattern in self._patterns),
                key_value_heads=self._values[row],
                mlp_activations=None if self._mlp_activations is None else self._mlp_activations[row],
                attention_scale=attention_scale[row],
                mlp_scale=mlp_scale[row],
                final_norm_scale=final_scale[row],
                logits=logits[row],
            )
            for row, prompt in enumerate(prompts)
        ]

    def _per_layer(self, site: Site, *width: int) -> Tensor:
        place = self._empty(self._model.dimensions.n_layers, self._n_positions, *width)
        self._keep(site, place)
        return place

    def _keep_pattern(self, pattern: Tensor) -> None:
        """Nothing writes into a pattern after its hook, so the tensor itself can be kept."""
        self._patterns.append(pattern.detach().to(self._model.device, self._model.compute_dtype))

    def _post_norm(self, site: Site) -> Tensor:
        if self._model.has_site(site):
            return self._per_layer(site, 1)
        return self._empty(self._model.dimensions.n_layers, self._n_positions, 1).fill_(1.0)

    def _keep(self, site: Site, place: Tensor) -> None:
        """Fill `place` from one site of every layer."""
        self.hooks.extend(Hook(site, layer, _copy_into(place[:, layer])) for layer in range(place.shape[1]))

    def _empty(self, *shape: int) -> Tensor:
        return torch.empty(
            (self._n_prompts, *shape), dtype=self._model.compute_dtype, device=self._model.device
        )


def _copy_into(place: Tensor) -> Callable[[Tensor], None]:
    def copy(tensor: Tensor) -> None:
        place.copy_(tensor)  # upcasts, and moves between devices

    return copy
