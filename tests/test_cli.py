"""The command line, as a person uses it."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from llm_tt import cli
from llm_tt.cli import cli as command
from llm_tt.errors import InterventionError, LlmTtError, ModelNotFoundError
from llm_tt.intervention.basket import Basket, BasketItem
from llm_tt.intervention.edits import Ablate, Scale
from llm_tt.model import wrapping
from llm_tt.model.loading import load_model
from tests.model.test_folder_checks import change_config

runner = CliRunner()


def test_help_names_the_verbs():
    result = runner.invoke(command, ["--help"])
    assert result.exit_code == 0
    assert all(verb in result.output for verb in ("app", "models", "check"))


def test_models_lists_what_the_settings_offer(tmp_path):
    assert "untrained-gpt2-small" in runner.invoke(command, ["models"]).output
    hosted = runner.invoke(command, ["models", "--settings", "config/hosted.toml"])
    assert "untrained-gpt2-small" not in hosted.output


def test_models_lists_the_families():
    assert {"gpt2", "llama", "gemma2"} <= set(runner.invoke(command, ["models", "--families"]).output.split())


@pytest.mark.parametrize("name", ["GPT-2", "Llama", "Gemma 2"])
def test_check_prints_a_sound_model(name, save_family):
    result = runner.invoke(command, ["check", str(save_family(name))])
    assert result.exit_code == 0
    assert "all 8 checks passed" in result.output


def test_check_says_what_is_switched_off(save_family):
    result = runner.invoke(command, ["check", str(save_family("Mixtral"))])
    assert result.exit_code == 0
    assert "7 of 8 checks passed; off: neurons" in result.output


def test_check_of_a_model_that_fails_a_must_have(monkeypatch):
    predict = wrapping._predict
    monkeypatch.setattr(wrapping, "_predict", lambda plain, token_ids: predict(plain, token_ids) * 1.01)
    result = runner.invoke(command, ["check", "untrained"])
    assert result.exit_code == 1
    assert "failed" in result.output


def test_a_wrong_precision_is_a_usage_error():
    result = runner.invoke(command, ["check", "untrained", "--dtype", "int4"])
    assert result.exit_code == 2
    assert "bfloat16" in result.output


def run_as_a_person(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from llm_tt.cli import run; run()", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_error_is_three_lines_on_stderr_and_no_traceback(save_family, tmp_path):
    folder = change_config(save_family(), quantization_config={"quant_method": "gptq"})
    for source, expected in ((folder, "quantised"), (tmp_path / "nothing", "There is no folder")):
        done = run_as_a_person("check", str(source))
        assert done.returncode == 1
        assert done.stdout == ""
        assert expected in done.stderr
        assert "Traceback" not in done.stderr


def test_markup_in_a_name_is_only_text(capsys):
    cli._print_error(ModelNotFoundError(asked="Open [red]x[/red].", found="[/]", remedy="[bold]"))
    assert "[red]x[/red]" in capsys.readouterr().err


def test_app_starts_streamlit_with_the_settings(monkeypatch):
    started = {}

    def pretend(_, arguments, environment):
        started.update(command=arguments, environment=environment)

    monkeypatch.setattr(os, "execve", pretend)
    result = runner.invoke(
        command, ["app", "--settings", "config/hosted.toml", "--no-browser", "--port", "8600"]
    )
    assert result.exit_code == 0
    assert started["environment"]["LLM_TT_SETTINGS"].endswith("config/hosted.toml")
    flags = set(started["command"])
    assert {"--server.address=localhost", "--server.port=8600", "--server.headless=true"} <= flags
    assert {"--client.showErrorDetails=none", "--server.maxUploadSize=1"} <= flags


def test_app_says_a_mistake_in_the_settings_before_it_starts(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text("modles = 1")
    done = run_as_a_person("app", "--settings", str(file))
    assert done.returncode == 1
    assert "Did you mean models?" in done.stderr


def test_a_folder_with_brackets_in_its_name(save_family):
    folder = save_family()
    nasty = folder.rename(folder.parent / "[bold]x")
    result = runner.invoke(command, ["check", str(nasty)])
    assert result.exit_code == 0
    assert "[bold]x" in result.output


def test_faithfulness_prints_a_table_and_writes_its_files(tmp_path):
    arguments = ["faithfulness", "--task", "capital", "--method", "relp", "--prompts", "2", "--no-truth"]
    result = runner.invoke(command, [*arguments, "--output", str(tmp_path / "out")], env={"COLUMNS": "140"})
    assert result.exit_code == 0, result.output
    assert "capital: 2 prompts, small-world" in result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "faithfulness-capital.json",
        "faithfulness-capital.html",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--task", "poetry"], "The tasks are ioi"),
        (["--method", "eap"], "What can be compared is ifr"),
        (["--baseline", "median"], "Baselines are"),
    ],
)
def test_faithfulness_says_what_it_does_not_know(arguments, says):
    result = runner.invoke(command, ["faithfulness", "--prompts", "1", *arguments])
    assert isinstance(result.exception, LlmTtError)
    assert says in str(result.exception)


def test_benchmark_prints_the_table_of_the_readme(monkeypatch):
    monkeypatch.setattr("llm_tt.model.loading.load_model", lambda _: load_model("untrained"))
    result = runner.invoke(command, ["benchmark", "--tokens", "8", "--turns", "1", "--markdown"])
    assert result.exit_code == 0, result.output
    assert "| ifr, exact, all rows | 8 |" in result.output


def test_benchmark_lengths_are_numbers():
    result = runner.invoke(command, ["benchmark", "--tokens", "short"])
    assert result.exit_code == 2


IOI = "When Mary and John went to the store, John gave a drink to"


@pytest.fixture
def file_of_edits(tmp_path):
    basket = Basket().add(Ablate.head(2, 1)).add(BasketItem(Scale.mlp(0, 0.0), on=False))
    path = tmp_path / "edits.json"
    path.write_text(basket.to_json(), encoding="utf-8")
    return str(path)


def test_edit_shows_both_predictions(file_of_edits):
    result = runner.invoke(command, ["edit", "small-world", IOI, "--edits", file_of_edits, "--top", "2"])
    assert result.exit_code == 0
    words = result.output.split()
    assert words.index("Mary'") < words.index("John'"), "the first row: before and after"
    assert "Head L2H1 off (mean) at all positions" in " ".join(words)
    assert "L0.mlp" not in result.output, "switched off"
    kl = float(result.output.partition("(KL): ")[2].split()[0])
    assert kl > 0.5
    without = runner.invoke(command, ["edit", "small-world", IOI])
    assert "(KL): 0.0000 nats" in without.output


def test_generate_writes_on(file_of_edits):
    def write(*options):
        return runner.invoke(command, ["generate", "small-world", IOI, "--tokens", "1", *options])

    assert write().output == f"{IOI} Mary\n"
    assert write("--edits", file_of_edits).output == f"{IOI} John\n"
    drawn = {write("--temperature", "5", "--seed", str(seed)).output for seed in range(4)}
    assert len(drawn) > 1


@pytest.mark.parametrize(
    ("content", "found"),
    [(None, "The file cannot be opened"), ("{", "This is no JSON text"), (" " * 2**21, "1,048,57")],
)
def test_a_file_of_edits_that_cannot_be_read_is_said(content, found, tmp_path):
    path = tmp_path / "edits.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    result = runner.invoke(command, ["edit", "small-world", IOI, "--edits", str(path)])
    assert isinstance(result.exception, InterventionError)
    assert found in result.exception.found
