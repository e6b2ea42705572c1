"""The README is true: its code runs, its commands exist."""

import json
import re
from pathlib import Path

import pytest

import llm_tt
from llm_tt.model.source import SMALL_WORLD_FOLDER

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL))
def test_python_runs(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # it may write files
    exec(compile(code, "README.md", "exec"), {})


def test_the_packages_own_tour_runs():
    code = "\n".join(line.strip() for line in llm_tt.__doc__.splitlines() if line.startswith("    "))
    exec(compile(code.replace("./my-model", "untrained"), "llm_tt", "exec"), {})


def test_the_small_worlds_accuracies_are_those_of_its_training_run():
    said = json.loads((SMALL_WORLD_FOLDER / "training.json").read_text(encoding="utf-8"))["held_out"]
    shown = re.findall(r"^\| ([a-z ]+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", README, flags=re.MULTILINE)
    assert shown == [
        (
            task["task"].replace("_", " "),
            str(task["prompts"]),
            f"{task['accuracy']:.3f}",
            f"{task['margin']:.3f}",
        )
        for task in said
    ]


def test_every_make_command_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"`make (\w+)`", README)) | set(
        re.findall(r"^make (\w+)", README, flags=re.MULTILINE)
    )
    assert named
    assert named <= targets
