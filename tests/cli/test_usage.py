"""What is said about wrong usage."""

import pytest

from llm_tt.cli import cli
from llm_tt.cli.usage import LONGEST
from tests.cli.running import run

RED = "\x1b[31m"


@pytest.mark.parametrize(
    "arguments",
    [
        [f"--{RED}"],
        [f"{RED}graph"],
        ["graph", "small-world", "x", "--method", RED],
        ["anatomy", "small-world", "x", "--layers", RED],
        ["graph", "small-world", "--file", "two.txt", "-o", f"{RED}out.html"],
    ],
    ids=["option", "command", "word", "layers", "place"],
)
def test_what_was_typed_is_shown_and_does_not_act(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.txt").write_text("a b\nc d\n")
    result = run(*arguments)
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "[31m" in result.stderr


def test_a_message_of_ours_says_which_character_it_was():
    assert "<U+001B>[31m names no layers" in run("anatomy", "small-world", "x", "--layers", RED).stderr


def test_a_long_argument_is_not_repeated_whole():
    result = run("graph", "small-world", "x", "--method", "a" * 50_000)
    assert result.exit_code == 2
    assert len(result.stderr) < 10 * LONGEST


def test_help_breaks_lines_where_the_terminal_does_and_not_where_the_source_does():
    for command in cli.registered_commands:
        assert command.help.strip(), command.callback
        assert all("\n" not in paragraph for paragraph in command.help.split("\n\n")), command.callback
