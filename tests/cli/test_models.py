"""`llm-tt models` and `llm-tt check`."""

import json

import pytest

from llm_tt.model import wrapping
from tests.cli.running import answered, run, said


def test_models_lists_what_the_settings_offer():
    assert "untrained-gpt2-small" in said("models")
    assert "untrained-gpt2-small" not in said("models", "--settings", "config/hosted.toml")


def test_models_for_programs():
    found = answered("models")["models"]
    assert found[0].keys() == {"name", "source", "note", "device", "dtype"}
    assert "small-world" in {model["source"] for model in found}


def test_models_lists_the_families():
    families = set(said("models", "--families").split())
    assert {"gpt2", "llama", "gemma2"} <= families
    assert set(answered("models", "--families")["families"]) == families


@pytest.mark.parametrize("name", ["GPT-2", "Llama", "Gemma 2"])
def test_check_prints_a_sound_model(name, save_family):
    assert "all 8 checks passed" in said("check", str(save_family(name)))


def test_check_says_what_is_switched_off(save_family):
    folder = str(save_family("Mixtral"))
    assert "7 of 8 checks passed; off: neurons" in said("check", folder)
    found = answered("check", folder)
    assert (found["model"], found["passed"]) == (folder, True)
    assert found["checks"][0].keys() == {"what", "verdict", "required", "sentence", "deviation", "allowed"}
    verdicts = {check["what"]: check["verdict"] for check in found["checks"]}
    assert [what for what, verdict in verdicts.items() if verdict != "verified"] == ["neurons"]


def test_check_of_a_model_that_fails_a_must_have(monkeypatch):
    predict = wrapping._predict
    monkeypatch.setattr(wrapping, "_predict", lambda plain, token_ids: predict(plain, token_ids) * 1.01)
    result = run("check", "untrained")
    assert result.exit_code == 1
    assert "failed" in result.output
    result = run("check", "untrained", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["passed"] is False


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--dtype", "float23", "Did you mean float32?"), ("--device", "gpu", "must be")],
)
def test_a_wrong_precision_or_device_is_a_usage_error(option, value, said):
    result = run("check", "untrained", option, value)
    assert result.exit_code == 2
    assert said in result.output


def test_a_folder_with_brackets_in_its_name(save_family):
    folder = save_family()
    nasty = folder.rename(folder.parent / "[bold]x")
    assert "[bold]x" in said("check", str(nasty))
