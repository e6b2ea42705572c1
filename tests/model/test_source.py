"""What a source string means, and where its files are."""

import json

import pytest

from llm_tt.errors import ModelNotFoundError, UnsupportedModelError
from llm_tt.model.source import SourceKind, find_files, kind_of
from llm_tt.model.spec import BUILT_IN, ModelSpec


@pytest.mark.parametrize("source", BUILT_IN)
def test_built_in_names(source):
    assert kind_of(source) is SourceKind.BUILT_IN


@pytest.mark.parametrize("source", ["./x", "../x", "~/x", "/x/y", "a/b/c", "with space", "C:\\models", ""])
def test_spellings_of_a_path(source):
    assert kind_of(source) is SourceKind.FOLDER


@pytest.mark.parametrize("source", ["gpt2", "EleutherAI/pythia-70m", "a.b/c_d-1"])
def test_spellings_of_a_hub_name(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert kind_of(source) is SourceKind.HUB_NAME


def test_a_folder_that_exists_wins_over_a_hub_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gpt2").mkdir()
    assert kind_of("gpt2") is SourceKind.FOLDER
    assert find_files(ModelSpec("gpt2")).base == (tmp_path / "gpt2").resolve()


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(ModelNotFoundError, match="There is no folder"):
        find_files(ModelSpec(str(tmp_path / "nothing")))


def test_a_file_instead_of_a_folder(tmp_path):
    file = tmp_path / "model.safetensors"
    file.touch()
    with pytest.raises(UnsupportedModelError, match="It is a file") as caught:
        find_files(ModelSpec(str(file)))
    assert str(tmp_path) in caught.value.remedy


def adapter_folder(tmp_path, **config):
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    (tmp_path / "adapter_model.safetensors").touch()
    return ModelSpec(str(tmp_path))


def test_an_adapter_names_its_base_relative_to_itself(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "config.json").write_text("{}")
    files = find_files(adapter_folder(tmp_path, peft_type="LORA", base_model_name_or_path="base"))
    assert (files.base, files.tokenizer, files.adapter) == (tmp_path / "base", tmp_path / "base", tmp_path)


def test_an_adapter_without_a_base(tmp_path):
    with pytest.raises(UnsupportedModelError, match="names no base model"):
        find_files(adapter_folder(tmp_path, peft_type="LORA"))


def test_an_adapter_whose_base_is_not_there(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"adapter for '\./gone'"):
        find_files(adapter_folder(tmp_path, peft_type="LORA", base_model_name_or_path="./gone"))


def test_an_adapter_of_another_kind(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UnsupportedModelError, match="'PREFIX_TUNING'; only LoRA"):
        find_files(adapter_folder(tmp_path, peft_type="PREFIX_TUNING"))


def test_an_adapter_with_pickled_weights(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    spec = adapter_folder(tmp_path, peft_type="LORA")
    (tmp_path / "adapter_model.safetensors").rename(tmp_path / "adapter_model.bin")
    with pytest.raises(UnsupportedModelError, match=r"no adapter_model\.safetensors"):
        find_files(spec)


@pytest.mark.parametrize("source", ["~nosuchuser", "~nosuchuser/x", "./" + "x" * 300, "./a\0b"])
def test_a_path_that_no_file_system_knows(source):
    with pytest.raises(ModelNotFoundError, match="There is no folder"):
        find_files(ModelSpec(source))


def test_a_very_long_name_is_no_crash_and_not_looked_up():
    assert kind_of("x" * 200) is SourceKind.HUB_NAME
    assert kind_of("x" * 300) is SourceKind.FOLDER
    with pytest.raises(ModelNotFoundError, match="There is no folder"):
        find_files(ModelSpec("x" * 300))


@pytest.mark.parametrize("name", [5, ["a"], None, ""])
def test_an_adapter_whose_base_is_no_name(tmp_path, name):
    with pytest.raises(UnsupportedModelError, match="names no base model"):
        find_files(adapter_folder(tmp_path, peft_type="LORA", base_model_name_or_path=name))


@pytest.mark.parametrize("base", ["/etc", "../private", "~/private", "./private"])
def test_an_adapter_from_the_hub_never_leads_to_a_folder_of_this_machine(tmp_path, monkeypatch, base):
    adapter_folder(tmp_path, peft_type="LORA", base_model_name_or_path=base)
    monkeypatch.setattr("llm_tt.model.hub.fetch", lambda name, revision=None: tmp_path)
    with pytest.raises(UnsupportedModelError, match="no name on the hub"):
        find_files(ModelSpec("someone/adapter"))
