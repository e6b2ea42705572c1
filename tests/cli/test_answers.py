"""Answers to one prompt and to several, printed and written."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

import llm_tt
from llm_tt.cli.answers import answer_each, what_was_asked, write_each
from llm_tt.errors import PromptError
from llm_tt.intervention.edits import Ablate, Scale


@dataclass(frozen=True)
class Echo:
    """Says a prompt again."""

    prompt: str

    def to_json(self) -> dict[str, object]:
        """Its only key."""
        return {"prompt": self.prompt}

    def to_print(self) -> list[str]:
        """Its only line."""
        return [f"said: {self.prompt}"]


def test_one_prompt(capsys):
    answer_each(["a"], Echo, as_json=False)
    assert capsys.readouterr().out == "said: a\n"
    answer_each(["a"], Echo, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"prompt": "a"}


def test_several_prompts_have_headings_or_a_line_each(capsys):
    answer_each(["a", "[b]"], Echo, as_json=False)
    assert capsys.readouterr().out == "1. a\nsaid: a\n2. [b]\nsaid: [b]\n"
    answer_each(["a", "b"], Echo, as_json=True)
    assert capsys.readouterr().out == '{"prompt": "a"}\n{"prompt": "b"}\n'


def test_what_was_answered_before_an_error_stays(capsys):
    def answer(prompt: str) -> Echo:
        if prompt == "bad":
            raise PromptError(asked="Read it.", found="B.", remedy="C.")
        return Echo(prompt)

    with pytest.raises(PromptError, match=r"Prompt 2 of 3\. Read it"):
        answer_each(["a", "bad", "c"], answer, as_json=True)
    assert capsys.readouterr().out == '{"prompt": "a"}\n'


def test_files_are_written_and_named(capsys, tmp_path):
    places = [tmp_path / "1.txt", tmp_path / "2.txt"]
    write_each(["a", "b"], places, lambda prompt: (prompt.encode(), f"{prompt} is in it"))
    assert [place.read_text() for place in places] == ["a", "b"]
    assert capsys.readouterr().out == f"{places[0]}: a is in it\n{places[1]}: b is in it\n"


def test_bytes_for_stdout_stand_alone(capfdbinary):
    write_each(["a"], [Path("-")], lambda _: (b"\xff", "a word"))
    assert capfdbinary.readouterr().out == b"\xff"


def test_edits_are_told_as_they_can_be_typed(small_world):
    trace = llm_tt.run_with_edits(small_world, "The capital", [Ablate.head(2, 1), Scale.mlp(0, 0.5)])
    assert what_was_asked(small_world, trace) == {
        "model": "small-world",
        "prompt": "The capital",
        "prompt_tokens": ["The", " capital"],
        "edits": ["L2H1", "L0.mlp*0.5"],
    }
    assert what_was_asked(small_world, llm_tt.capture(small_world, "The capital"))["edits"] == []
