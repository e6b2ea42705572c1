"""`generate`: let the model write on under edits, token by token."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edited_run import edited_logits, refuse_damage
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.run import baseline_share
from llm_tt.intervention.sampling import Sampling
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.continuation import text_behind
from llm_tt.tracing.forward import check_prompt
from llm_tt.tracing.progress import Progress, silent, within

GREEDY = Sampling()


@dataclass(frozen=True, slots=True)
class GeneratedToken:
    """One new token, and how likely the edited model found it; plain values."""

    token_id: int
    string: str
    probability: float
    rank: int
    """1 for the most likely token."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What was written."""

    prompt: Prompt
    tokens: tuple[GeneratedToken, ...]
    """Where the text ends, the last one is the token that ends it."""
    text: str
    """What the tokens spell, without the one that ends the text."""
    is_ended: bool
    """Whether the model ended the text; else it was stopped by `n_tokens` or by the context's end."""


def generate(  # noqa: PLR0913 (what to write on, and how)
    model: LanguageModel,
    prompt: str | Prompt,
    edits: Sequence[Edit] = (),
    *,
    n_tokens: int = 20,
    sampling: Sampling = GREEDY,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Generation:
    """The model's own next tokens, with parts of it changed; nothing of an edit stays in the model.

    Args:
        model: An opened model.
        prompt: Text, or tokens from `model.tokenize`.
        edits: What is changed, in this order. Positions count on behind the prompt.
        n_tokens: How many tokens at most.
        sampling: By default always the most likely token.
        use_cache: Whether keys and values of earlier tokens are kept. It changes only how long it takes. In
            families whose patterns are seen late (GPT-Neo, GPT-J, OPT), edits of single messages go without.
        progress: Called with the finished share, after each token; what it raises stops the generation.

    Raises:
        PromptError: the prompt is empty, or longer than the model's context.
        TargetError: an edit names something that is not in the model.
        CapabilityError: it names a neuron, and the model has no single neurons.
        InterventionError: the edits are so strong that predictions are no numbers any more.
    """
    if isinstance(prompt, str):
        prompt = model.tokenize(prompt)
    writing = write_on(
        model,
        prompt,
        edits,
        n_tokens=n_tokens,
        sampling=sampling,
        use_cache=use_cache,
        progress=progress,
    )
    with model.lock:
        tokens = tuple(writing)
    is_ended = bool(tokens) and tokens[-1].token_id in model.end_tokens
    spelled = [token.token_id for token in (tokens[:-1] if is_ended else tokens)]
    return Generation(prompt, tokens, text_behind(model, prompt, spelled), is_ended)


def write_on(  # noqa: PLR0913 (as `generate`)
    model: LanguageModel,
    prompt: Prompt,
    edits: Sequence[Edit] = (),
    *,
    n_tokens: int = 20,
    sampling: Sampling = GREEDY,
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Iterator[GeneratedToken]:
    """The same, token by token: between two of them the model is free, and no hook is in it.

    So several of these can be taken in turns.
    """
    if n_tokens < 1:
        message = f"n_tokens must be at least 1; got {n_tokens}"
        raise ValueError(message)
    check_prompt(model, prompt)
    telling, begin = progress or silent, baseline_share(model, edits)
    plan = EditPlan(model, edits, within(telling, 0.0, begin))
    return _write_on(model, prompt, plan, n_tokens, sampling, use_cache, within(telling, begin, 1.0))


def parting(a: Sequence[GeneratedToken], b: Sequence[GeneratedToken]) -> tuple[int, ...]:
    """The steps, from 0, at which two texts differ; where only one goes on, too."""
    return tuple(
        step
        for step, (one, other) in enumerate(zip_longest(a, b))
        if one is None or other is None or one.token_id != other.token_id
    )


def _write_on(  # noqa: PLR0913 (as `generate`)
    model: LanguageModel,
    prompt: Prompt,
    plan: EditPlan,
    n_tokens: int,
    sampling: Sampling,
    use_cache: bool,
    progress: Progress,
) -> Iterator[GeneratedToken]:
    longest = model.dimensions.n_context
    room = n_tokens if longest is None else min(n_tokens, longest - len(prompt))
    runs = _Runs(model, plan, len(prompt), use_cache and not plan.late_layers)
    token_ids = list(prompt.token_ids)
    for step in range(room):
        logits = runs.next_logits(token_ids)
        token_ids.append(sampling.choose(logits, step))
        is_last = step + 1 == room or token_ids[-1] in model.end_tokens
        progress(1.0 if is_last else (step + 1) / room)
        yield _described(model, logits, token_ids[-1])
        if is_last:
            return


class _Runs:
    """The runs of one generation: over all tokens each time, or over the new ones behind what is kept."""

    def __init__(self, model: LanguageModel, plan: EditPlan, n_prompt: int, use_cache: bool) -> None:
        self._model = model
        self._plan = plan
        self._n_prompt = n_prompt
        self._kept: object = None
        self._hooks = EditHooks(plan, n_prompt) if use_cache else None
        self._n_run = 0

    @torch.no_grad()
    def next_logits(self, token_ids: list[int]) -> Float[Tensor, " d_vocab"]:
        """What is predicted behind some tokens, each call's beginning with those of the last one."""
        if self._hooks is None:
            logits = edited_logits(self._model, token_ids, EditHooks(self._plan, self._n_prompt))
        else:
            new = token_ids[self._n_run :]
            logits, self._kept = self._model.run_cached(new, self._kept, self._hooks.hooks())
            self._hooks.seen(len(new))
            self._n_run += len(new)
        last = logits[-1].to(self._model.device, self._model.compute_dtype)
        return refuse_damage(last)


def _described(model: LanguageModel, logits: Float[Tensor, " d_vocab"], token_id: int) -> GeneratedToken:
    places = torch.arange(len(logits), device=logits.device)
    own = logits[token_id]
    ahead = (logits > own) | ((logits == own) & (places < token_id))
    (string,) = model.token_strings([token_id])
    return GeneratedToken(token_id, string, float(logits.softmax(-1)[token_id]), 1 + int(ahead.sum()))
