"""What a newcomer reads: every command, argument and option has a sentence, and help comes at once."""

import subprocess
import sys

import pytest
import typer

from llm_tt.cli import cli
from tests.cli.running import said

COMMANDS = typer.main.get_command(cli).commands

ABOUT_PROMPTS = {"graph", "tokens", "trace", "generate", "anatomy", "edit"}
WITH_JSON = ABOUT_PROMPTS | {
    "batch", "summarize", "compare", "search", "models", "check", "faithfulness", "benchmark",
}  # fmt: skip


def test_help_names_every_command_and_the_exit_codes():
    printed = said("--help")
    assert ABOUT_PROMPTS | WITH_JSON | {"app", "index"} == set(COMMANDS)
    assert all(f" {command} " in printed for command in COMMANDS)
    assert "130 stopped by Ctrl-C" in " ".join(printed.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is(name):
    command = COMMANDS[name]
    assert command.help.strip().endswith(".")
    for parameter in command.params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{name}: {parameter.name}"
    printed = said(name, "--help")
    assert all(
        parameter.opts[0] in printed for parameter in command.params if parameter.opts[0].startswith("--")
    )


def test_what_commands_share_is_called_the_same():
    for name in ABOUT_PROMPTS:
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert {"prompt", "--file", "--edit", "--edits", "--json"} <= options, name
    for name in ("graph", "trace", "anatomy"):
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert {"--target", "--contrast", "--position"} <= options, name


@pytest.mark.parametrize("name", WITH_JSON)
def test_the_keys_of_json_stand_in_the_help(name):
    assert "With --json:" in COMMANDS[name].help


@pytest.mark.parametrize("code", ["import llm_tt", "from llm_tt.cli import run; run()"])
def test_nothing_heavy_is_imported_for_a_name_or_for_help(code):
    heavy = ("torch", "transformers", "transformer_lens", "numpy", "numba", "streamlit", "plotly", "networkx")
    seen = f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    program = f"import atexit, sys; atexit.register(lambda: {seen}); {code}"
    done = subprocess.run(
        [sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == "[]\n"
