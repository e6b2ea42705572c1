"""Several sets of masked runs in one batch, measured against whole models and empty graphs."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.baseline import Baseline
from llm_tt.attribution.target import Target
from llm_tt.faithfulness.keep import EdgeScores, Keep, stacked, strongest
from llm_tt.faithfulness.masked_run import Attention, masked_logits, masked_rows
from llm_tt.faithfulness.measures import Outcome, Reference
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace


def run_together(  # noqa: PLR0913 (a model, what to run, and how)
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    runs: Sequence[Keep],
    baseline: Baseline,
    attention: Attention,
    progress: Progress = silent,
) -> tuple[Reference, list[list[Outcome]]]:
    """The outcomes of each set of runs, and what they were compared with; the empty graph runs along."""
    logits = masked_logits(
        model, trace, target.position, stacked([_nothing(trace), *runs]), baseline, attention, progress
    )
    return _measured(trace, target, runs, logits)


def run_prompts_together(
    model: LanguageModel,
    traces: Sequence[ForwardTrace],
    targets: Sequence[Target],
    runs: Sequence[Sequence[Keep]],
    baseline: Baseline,
) -> list[tuple[Reference, list[list[Outcome]]]]:
    """The same for several prompts of one length at once, with their targets at one position; a set each."""
    (position,) = {target.position for target in targets}
    keeps = [stacked([_nothing(trace), *own]) for trace, own in zip(traces, runs, strict=True)]
    rows = [trace for trace, keep in zip(traces, keeps, strict=True) for _ in range(keep.copies)]
    logits = masked_rows(model, rows, position, stacked(keeps), baseline)
    each = torch.split(logits, [keep.copies for keep in keeps])
    return [_measured(*asked) for asked in zip(traces, targets, runs, each, strict=True)]


def _measured(
    trace: ForwardTrace, target: Target, runs: Sequence[Keep], logits: Float[Tensor, "copy d_vocab"]
) -> tuple[Reference, list[list[Outcome]]]:
    reference = Reference(target, trace.logits[target.position], logits[0])
    outcomes = reference.compare(logits[1:])
    found = []
    for run in runs:
        found.append(outcomes[: run.copies])
        outcomes = outcomes[run.copies :]
    return reference, found


def _nothing(trace: ForwardTrace) -> Keep:
    """One copy that keeps no edge."""
    length = len(trace.prompt)
    zero = torch.zeros(())
    scores = EdgeScores(
        zero.expand(trace.n_layers, len(trace.patterns[0]), length, length),
        zero.expand(trace.n_layers, length),
    )
    return strongest(scores, torch.ones(1))
