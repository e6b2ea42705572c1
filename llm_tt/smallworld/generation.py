"""Prompts on demand: the public door to the tasks."""

from random import Random
from typing import Literal

from llm_tt.smallworld.documents import write_document
from llm_tt.smallworld.prompts import TaskPrompt, without_marks
from llm_tt.smallworld.tasks import all_tasks

Split = Literal["train", "held_out"]


def task_names() -> tuple[str, ...]:
    """All tasks, in the order of the tables."""
    return tuple(all_tasks())


def task_title(name: str) -> str:
    """A task as people read it."""
    return name.replace("_", " ").capitalize()


def generate(task: str, n: int, seed: int, split: Split = "train") -> list[TaskPrompt]:
    """`n` prompts of a task; the same arguments give the same prompts.

    Raises:
        ValueError: no such task or split.
    """
    if task not in all_tasks():
        message = f"There is no task {task!r}. The tasks are: {', '.join(all_tasks())}."
        raise ValueError(message)
    if split not in ("train", "held_out"):
        message = f"The split is {split!r}; it can be 'train' or 'held_out'."
        raise ValueError(message)
    rng = Random(f"{task} {split} {seed}")
    return [all_tasks()[task].ask(rng, split == "held_out") for _ in range(n)]


def sample_texts(n: int = 12, seed: int = 0, sentences: int = 8) -> list[str]:
    """Ordinary texts of the small world: sentences of many tasks and plain ones, fixed by the seed."""
    rng = Random(f"texts {seed}")
    return [without_marks(write_document(rng, sentences)) for _ in range(n)]
