"""Prompts from an argument, from standard input and from files; what cannot be one is said."""

import json
import os
import pty
from pathlib import Path

import pytest
import typer

from llm_tt.cli.prompts import given_prompts, telling_which
from llm_tt.errors import PromptError
from tests.cli.running import PROMPT, answered, as_a_person, run, said


def test_an_argument_is_the_prompt():
    assert given_prompts("A  prompt ", None) == ("A  prompt ",)


def test_standard_input_is_one_prompt_without_its_last_line_break():
    def read(content: bytes) -> str:
        return answered("tokens", "small-world", "-", input=content)["prompt"]

    assert read(b"The capital of France is\n") == "The capital of France is"
    assert read(b"The capital\nof France is\r\n") == "The capital\nof France is"
    assert read(b"\xef\xbb\xbfThe capital of France is\n\n") == "The capital of France is\n"


def test_files_hold_many(tmp_path):
    plain, lines = tmp_path / "a.txt", tmp_path / "b.jsonl"
    plain.write_text("one\n\ntwo\n")
    lines.write_text('{"prompt": "three\\nlines"}\n')
    assert given_prompts(None, plain) == ("one", "two")
    assert given_prompts(None, lines) == ("three\nlines",)


def test_many_prompts_are_answered_one_by_one():
    both = b"The capital of France is\nThe capital of Italy is\n"
    lines = said("tokens", "small-world", "--file", "-", "--top", "1", "--json", input=both).splitlines()
    assert [json.loads(line)["tokens"][0]["token"] for line in lines] == [" Paris", " Rome"]
    tables = said("tokens", "small-world", "--file", "-", "--top", "1", input=both)
    places = [
        tables.index(word) for word in ("1. The capital of France is", "·Paris", "2. The capital", "·Rome")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(("prompt", "file"), [(None, None), ("a", Path("b"))])
def test_none_and_two_ways_are_wrong_usage(prompt, file):
    with pytest.raises(typer.BadParameter, match="Give a prompt"):
        given_prompts(prompt, file)


@pytest.mark.parametrize(
    ("content", "found"), [(b"", "It is empty"), (b"\n", "It is empty"), (b"ab\xff", "byte 3 belongs to no")]
)
def test_standard_input_that_is_no_prompt_is_said(content, found):
    result = run("tokens", "small-world", "-", input=content)
    assert isinstance(result.exception, PromptError)
    assert found in result.exception.found


@pytest.mark.parametrize("way", [["-"], ["--file", "-"]])
def test_a_terminal_is_not_waited_for(way):
    keyboard, terminal = pty.openpty()
    done = as_a_person("tokens", "small-world", *way, stdin=terminal)
    os.close(keyboard)
    os.close(terminal)
    assert done.returncode == 1
    assert "nothing is piped in" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("none.txt", None, "cannot be opened: No such file"),
        ("empty.txt", b"\n", "no lines with text"),
        ("wrong.txt", b"a\n\xff", "line 2 is not in UTF-8"),
        ("wrong.jsonl", b"{}", "Line 1 is no JSON object"),
    ],
)
def test_a_file_without_prompts_is_said(name, content, found, tmp_path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PromptError, match=found):
        given_prompts(None, tmp_path / name)


def test_bytes_of_an_argument_that_are_no_text_are_said():
    done = as_a_person("tokens", "small-world", b"a\xff".decode(errors="surrogateescape"))
    assert done.returncode == 1
    assert "It is no text in UTF-8" in done.stderr


def test_an_error_says_which_of_several_it_is_about():
    with pytest.raises(PromptError) as alone, telling_which(1, 1):
        raise PromptError(asked="A.", found="B.", remedy="C.")
    assert alone.value.asked == "A."
    with pytest.raises(PromptError) as second, telling_which(2, 3):
        raise PromptError(asked="A.", found="B.", remedy="C.")
    assert second.value.asked == "Prompt 2 of 3. A."


def test_a_prompt_that_begins_with_a_dash_stands_behind_two():
    written = said("tokens", "small-world", "--json", "--", f"-{PROMPT}")
    assert json.loads(written)["prompt"] == f"-{PROMPT}"
