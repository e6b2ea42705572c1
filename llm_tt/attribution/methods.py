"""`attribute`: the contribution of every edge, by a named method. No patching: at most one more pass."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from llm_tt.attribution.baseline import BASELINE_SHARE, Baseline, BaselineName, baseline_of, is_known
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.gradients import direct_gradients, gradients_together, target_gradients
from llm_tt.attribution.ifr import GROUP_NUMBERS, information_flow
from llm_tt.attribution.method_list import DEFAULT_METHOD, METHODS, WITH_BASELINE, WITHOUT_TARGET, Method
from llm_tt.attribution.proximity import Norm
from llm_tt.attribution.relevance_rules import relevance_rules
from llm_tt.attribution.run_record import record_of
from llm_tt.attribution.signed import along_gradients
from llm_tt.attribution.target import Metric, Target, resolve_target
from llm_tt.errors import AttributionError
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.tracing.memory import check_room, run_bytes
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.trace import ForwardTrace

RULES: Final[dict[Method, Callable[..., list[Hook]]]] = {
    "relp": relevance_rules,
    "gradact": lambda *_: [],
}
"""Methods with a backward pass, each with the hooks that change it; of a model and its traces."""


def attribute(  # noqa: PLR0913 (a method, a target and its options: each can be left out)
    model: LanguageModel,
    trace: ForwardTrace,
    method: Method = DEFAULT_METHOD,
    *,
    target_position: int = -1,
    target_token: int | str | None = None,
    contrast_token: int | str | None = None,
    metric: Metric = "logit",
    baseline: BaselineName | Baseline = "mean",
    norm: Norm = "l1",
    progress: Progress | None = None,
) -> EdgeContributions:
    """How much every edge contributed.

    Args:
        model: The model that the trace was taken from.
        trace: One forward pass.
        method: "ifr" needs no target and gives shares; the others explain one and have a sign.
        target_position: Where the prediction stands that is explained.
        target_token: Its id or text; None for the model's own prediction. Not for "ifr".
        contrast_token: Explain the difference from this token. Not for "ifr".
        metric: "logit" or "logprob"; with a contrast both mean the difference of logits.
        baseline: For "relp" and "gradact": compare with the "mean" over ordinary texts, "zero", or your own.
        norm: Of "ifr": "l1", or "l2" in closed form.
        progress: Called with the finished share, layer by layer; what it raises stops the attribution.

    Raises:
        TargetError: position, token or contrast make no target.
        AttributionError: unknown method, option or baseline, or activations that are not finite.
        MemoryLimitError: it would need more memory than is free.
    """
    _check(trace, method, norm)
    asked = f"Attribute a prediction of {len(trace.prompt):,} tokens."
    check_room(model, asked, _bytes_of(model, trace, method))
    if method == "ifr":
        _refuse_target(target_token, contrast_token)
        shares = information_flow(model, trace, norm, progress or silent)
    else:
        token, contrast = target_token, contrast_token
        target = resolve_target(
            model, trace, position=target_position, token=token, contrast=contrast, metric=metric
        )
        shares = _signed(model, trace, method, target, baseline, progress or silent)
    return replace(shares, record=record_of(model, trace, shares.target))


def attribute_target(  # noqa: PLR0913 (as `attribute`)
    model: LanguageModel,
    trace: ForwardTrace,
    method: Method,
    target: Target,
    *,
    baseline: BaselineName | Baseline = "mean",
    progress: Progress | None = None,
) -> EdgeContributions:
    """The same of a target that is found already; a method that knows no target leaves it out."""
    if method in WITHOUT_TARGET:
        return attribute(model, trace, method, progress=progress)
    return attribute(
        model,
        trace,
        method,
        target_position=target.position,
        target_token=target.token_id,
        contrast_token=target.contrast_id,
        metric=target.metric,
        baseline=baseline,
        progress=progress,
    )


def attribute_together(
    model: LanguageModel,
    traces: Sequence[ForwardTrace],
    method: Method,
    targets: Sequence[Target],
    *,
    baseline: BaselineName | Baseline = "mean",
) -> list[EdgeContributions]:
    """Several prompts of one length, each with its target; of "ifr" and "dla", one after the other.

    What takes a backward pass takes one for all of them, so prompts that are many go quicker.

    Raises:
        AttributionError: unknown method or baseline, or activations that are not finite.
        MemoryLimitError: it would need more memory than is free.
    """
    for trace in traces:
        _check(trace, method, "l1")
    needed = sum(_bytes_of(model, trace, method) for trace in traces)
    check_room(model, f"Attribute {len(traces)} predictions.", needed)
    compared = baseline_of(model, baseline if method in WITH_BASELINE else "zero")
    if method == "ifr":
        found = [information_flow(model, trace, "l1", silent) for trace in traces]
    else:
        if method in RULES:
            gradients = gradients_together(model, traces, targets, RULES[method](model, *traces))
        else:
            gradients = [direct_gradients(model, *asked) for asked in zip(traces, targets, strict=True)]
        found = [
            along_gradients(model, trace, method, target, own, compared)
            for trace, target, own in zip(traces, targets, gradients, strict=True)
        ]
    records = map(partial(record_of, model), traces, [shares.target for shares in found])
    return [replace(shares, record=record) for shares, record in zip(found, records, strict=True)]


def _refuse_target(*tokens: int | str | None) -> None:
    if any(token is not None for token in tokens):
        raise AttributionError(
            asked="Explain a target token with the method 'ifr'.",
            found="Information flow routes know no target: they are the same for every token.",
            remedy="Choose 'relp' or 'gradact', or leave the target token out.",
        )


def _bytes_of(model: LanguageModel, trace: ForwardTrace, method: str) -> int:
    """What an attribution holds at its peak: a number an edge, and messages or a backward pass."""
    numbers = sum(pattern.numel() for pattern in trace.patterns)
    size = model.compute_dtype.itemsize
    if method == "ifr":
        return (numbers + 2 * GROUP_NUMBERS) * size
    # A backward pass keeps what each layer computed: scores and softmax beside the pattern, and its states.
    return numbers * size + 2 * run_bytes(model.dimensions, len(trace.prompt), size)


def _signed(  # noqa: PLR0913 (as `attribute`)
    model: LanguageModel,
    trace: ForwardTrace,
    method: Method,
    target: Target,
    baseline: BaselineName | Baseline,
    progress: Progress,
) -> EdgeContributions:
    compares = method in WITH_BASELINE
    begin = BASELINE_SHARE if compares and not is_known(model, baseline) else 0.0
    running, multiplying = within(progress, begin, 0.9), within(progress, 0.9, 1.0)
    compared = baseline_of(model, baseline if compares else "zero", within(progress, 0.0, begin))
    if method in RULES:
        gradients = target_gradients(model, trace, target, RULES[method](model, trace), running)
    else:
        gradients = direct_gradients(model, trace, target, running)
    return along_gradients(model, trace, method, target, gradients, compared, multiplying)


def _check(trace: ForwardTrace, method: str, norm: str) -> None:
    if method not in METHODS:
        raise AttributionError(
            asked=f"Attribute with the method {method!r}.",
            found=f"The methods are {', '.join(METHODS)}.",
            remedy="Choose one of them.",
        )
    if norm not in ("l1", "l2"):
        raise AttributionError(
            asked=f"Measure proximity with the norm {norm!r}.",
            found="The norms are l1 and l2.",
            remedy="Choose one of them.",
        )
    # A sum is finite only if all of its parts are, and it needs no memory.
    if not bool(trace.stream.sum().isfinite()):
        raise AttributionError(
            asked="Attribute a prediction to its parts.",
            found="The model's activations on this prompt are not finite (NaN or infinity).",
            remedy="Open the model with dtype float32; if that does not help, its weights are damaged.",
        )
