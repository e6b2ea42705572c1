"""Prompts of the small world's tasks as entries: each with an answer, a wrong one and a corrupted twin."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from llm_tt.batch.entries import Entry
from llm_tt.smallworld.generation import generate
from llm_tt.smallworld.prompts import TaskPrompt

SEED: Final = 7


def entries_of_tasks(tasks: Sequence[str], n_prompts: int, seed: int = SEED) -> list[Entry]:
    """`n_prompts` held-out prompts of each task, which is their group; the same arguments give the same ones.

    Raises:
        ValueError: there is no such task.
    """
    asked = [prompt for task in tasks for prompt in generate(task, n_prompts, seed, "held_out")]
    return [_entry(number, prompt) for number, prompt in enumerate(asked, 1)]


def subject_of(prompt: str, corrupted: str, answer: str) -> str | None:
    """The words in which two prompts differ, if their text can be found and is not the answer itself."""
    words, others = prompt.split(" "), corrupted.split(" ")
    first = _n_alike(words, others)
    last = _n_alike(words[first:][::-1], others[first:][::-1])
    begin = len(" ".join(words[:first]))
    subject = prompt[begin : len(" ".join(words[: len(words) - last]))].rstrip(".,:;")
    if not subject.strip() or prompt.find(subject) != begin or subject.strip() == answer.strip():
        return None
    return subject


def _entry(number: int, asked: TaskPrompt) -> Entry:
    return Entry(
        number,
        asked.prompt,
        answer=asked.answer,
        foil=asked.contrast,
        corrupted=asked.corrupted,
        group=asked.task,
        subject=subject_of(asked.prompt, asked.corrupted, asked.answer),
        accepted=asked.accepted,
    )


def _n_alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))
