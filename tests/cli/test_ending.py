"""How the command ends, in a process of its own: exit codes, and no traceback on any way out."""

import os
import signal
import subprocess

import pytest

from llm_tt.cli.ending import end_in_order
from llm_tt.errors import PromptError
from tests.cli.running import PROGRAM, PROMPT, as_a_person, run
from tests.model.test_folder_checks import change_config


def test_what_is_done_ends_with_0():
    done = as_a_person("models")
    assert (done.returncode, done.stderr) == (0, "")
    assert "small-world" in done.stdout


def test_an_error_is_three_lines_on_stderr_and_no_traceback(save_family, tmp_path):
    folder = change_config(save_family(), quantization_config={"quant_method": "gptq"})
    for source, expected in ((folder, "quantised"), (tmp_path / "nothing", "There is no folder")):
        done = as_a_person("check", str(source))
        assert done.returncode == 1
        assert done.stdout == ""
        assert expected in done.stderr
        assert len(done.stderr.splitlines()) == 3


@pytest.mark.parametrize(
    "arguments", [["grph"], ["models", "--jsn"], ["tokens", "small-world"], ["tokens", "", "x"]]
)
def test_wrong_usage_ends_with_2(arguments):
    done = as_a_person(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


SAYS_THAT_IT_RUNS = """
from llm_tt import cli
command = cli.cli
cli.cli = lambda: (print("ready", flush=True), command())
cli.run()
"""


def test_ctrl_c_ends_with_130_and_says_nothing():
    """It waits for its standard input, which never comes."""
    started = subprocess.Popen(
        [*PROGRAM[:-1], SAYS_THAT_IT_RUNS, "tokens", "small-world", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell tells what it runs in the background to pass over Ctrl-C, and so would what it runs in turn.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=60)
    assert (started.returncode, errors) == (130, "")


def test_ctrl_c_in_the_middle_of_work_ends_with_130(monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("llm_tt.intervention.run.run_with_edits", stopped)
    result = run("tokens", "small-world", PROMPT)
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.parametrize(
    "arguments", [["models", "--json"], ["models"], ["--help"], ["graph", "--help"]], ids=" ".join
)
def test_a_reader_that_goes_away_ends_it_with_141_and_says_nothing(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_head_takes_the_first_line_and_the_rest_is_not_missed(tmp_path):
    """Far more than a pipe holds, so that the writer sees the reader go."""
    prompts = tmp_path / "many.txt"
    prompts.write_text("a b c d e f\n" * 200)
    command = f"{PROGRAM[0]} -c '{PROGRAM[2]}' tokens untrained --file {prompts} --json --top 50 | head -n 1"
    shell = ["bash", "-c", f"set -o pipefail; {command}"]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (141, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", [["models"], ["models", "--json"]])
def test_a_full_disk_behind_stdout_is_said(arguments):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Write to standard output.\nIt takes no more: No space left")
    assert len(done.stderr.splitlines()) == 3


def test_an_error_ends_a_command_with_1(capfd):
    def fail():
        raise PromptError(asked="A.", found="B.", remedy="C.")

    with pytest.raises(SystemExit) as ended:
        end_in_order(fail)
    assert ended.value.code == 1
    assert capfd.readouterr() == ("", "A.\nB.\nC.\n")
