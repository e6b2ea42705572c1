"""The command line inside this process, and as a person has it, in a process of its own."""

import json
import subprocess
import sys
from typing import Any

from typer.testing import CliRunner, Result

from llm_tt.cli import cli

PROMPT = "When Mary and John went to the store, John gave a drink to"
PROGRAM = [sys.executable, "-c", "from llm_tt.cli import run; run()"]


def run(*arguments: str, input: str | bytes | None = None) -> Result:
    """Run it here; stdout and stderr are kept apart."""
    return CliRunner().invoke(cli, list(arguments), input=input, env={"COLUMNS": "200"})


def said(*arguments: str, input: str | bytes | None = None) -> str:
    """What a command that is done wrote to stdout; to stderr it wrote nothing."""
    result = run(*arguments, input=input)
    assert result.exit_code == 0, (result.output, result.exception)
    assert result.stderr == ""
    return result.stdout


def answered(*arguments: str, input: str | bytes | None = None) -> Any:
    """The JSON object that it wrote; for a program there is nothing else."""
    return json.loads(said(*arguments, "--json", input=input))


def as_a_person(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own."""
    options = {"stdin": subprocess.DEVNULL, "text": True, **options}
    if "input" in options:
        del options["stdin"]
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, timeout=120, **options)
