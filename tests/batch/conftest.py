"""A file of prompts that all tests of jobs measure, and the small world."""

import json
from pathlib import Path

import pytest

import llm_tt
from llm_tt.smallworld.generation import generate

TASKS = ("indirect_object", "induction", "capital")


@pytest.fixture(scope="session")
def small_world():
    return llm_tt.load_model("small-world")


def lines_of(n: int) -> list[str]:
    """`n` lines with everything that a line can say, from several tasks in turn."""
    lines = []
    for number in range(n):
        (asked,) = generate(TASKS[number % len(TASKS)], 1, number)
        told = {"prompt": asked.prompt, "answer": asked.answer, "foil": asked.contrast, "group": asked.task}
        lines.append(json.dumps(told | {"corrupted": asked.corrupted}))
    return lines


@pytest.fixture(scope="session")
def prompts(tmp_path_factory) -> Path:
    """Twenty prompts, and in their midst a line that is none and an answer of several tokens."""
    lines = lines_of(20)
    lines.insert(7, "{nothing")
    lines.insert(11, json.dumps({"prompt": "The capital of France is", "answer": " no single token"}))
    path = tmp_path_factory.mktemp("prompts") / "prompts.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
