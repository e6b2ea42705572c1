"""The comparison over a task of the small world: prompts with known answers, and a summary over all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llm_tt.attribution.baseline import baseline_of
from llm_tt.errors import AttributionError
from llm_tt.faithfulness.comparison import DENSITIES, Result, TwoAnswers, compare_rankings
from llm_tt.faithfulness.statistics import Interval, bootstrap
from llm_tt.model.language_model import LanguageModel
from llm_tt.smallworld.generation import generate, task_names

ALIASES = {"ioi": "indirect_object"}
SEED = 7


@dataclass(frozen=True, slots=True)
class RankingSummary:
    """One ranking over all prompts."""

    ranking: str
    spearman: Interval | None
    retained: tuple[Interval, ...]
    """At each density."""
    retained_area: Interval
    distance_area: Interval


@dataclass(frozen=True, slots=True)
class TaskComparison:
    """All rankings on one task."""

    model: str
    task: str
    baseline: str
    n_prompts: int
    """Prompts on which there was something to retain."""
    densities: tuple[float, ...]
    summaries: tuple[RankingSummary, ...]


def questions_of(task: str, n_prompts: int) -> list[TwoAnswers]:
    """Held-out prompts of a task.

    Raises:
        AttributionError: there is no such task.
    """
    name = ALIASES.get(task, task)
    if name not in task_names():
        raise AttributionError(
            asked=f"Compare methods on the task {task!r}.",
            found=f"The tasks are {', '.join((*ALIASES, *task_names()))}.",
            remedy="Choose one of them.",
        )
    return [
        TwoAnswers(asked.prompt, asked.answer, asked.contrast)
        for asked in generate(name, n_prompts, SEED, "held_out")
    ]


def compare_on_task(  # noqa: PLR0913 (what is compared, on what, and how)
    model: LanguageModel,
    task: str,
    rankings: Sequence[str],
    *,
    n_prompts: int,
    baseline: str = "mean",
    with_truth: bool = True,
    report: Callable[[str], None] = lambda _: None,
) -> TaskComparison:
    """Means and bootstrap intervals over a task's prompts.

    Raises:
        AttributionError: no such task, ranking or baseline, or no prompt with anything to retain.
        TargetError: an answer of this task is no single token of the model.
    """
    questions = questions_of(task, n_prompts)
    results = compare_rankings(
        model,
        questions,
        rankings,
        baseline=baseline_of(model, baseline),
        with_truth=with_truth,
        report=report,
    )
    if not results:
        raise AttributionError(
            asked=f"Compare methods on the task {task!r}.",
            found="On none of the prompts does the model tell the answer from its contrast.",
            remedy="Choose a task that this model can do.",
        )
    names = list(dict.fromkeys(result.ranking for result in results))
    summaries = tuple(_summary(name, [r for r in results if r.ranking == name]) for name in names)
    n_used = sum(result.ranking == names[0] for result in results)
    return TaskComparison(model.spec.source, ALIASES.get(task, task), baseline, n_used, DENSITIES, summaries)


def _summary(ranking: str, results: Sequence[Result]) -> RankingSummary:
    agreements = [result.spearman for result in results if result.spearman is not None]
    return RankingSummary(
        ranking=ranking,
        spearman=bootstrap(agreements) if agreements else None,
        retained=tuple(bootstrap(values) for values in zip(*(r.retained for r in results), strict=True)),
        retained_area=bootstrap([result.retained_area for result in results]),
        distance_area=bootstrap([result.distance_area for result in results]),
    )
