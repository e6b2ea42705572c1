"""A download that broke off must not pass for a model."""

import json

import pytest

from llm_tt.model.file_names import is_complete


@pytest.fixture
def split_model(tmp_path):
    parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    (tmp_path / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": parts[0], "b": parts[1]}})
    )
    for name in ("config.json", "tokenizer.json", *parts):
        (tmp_path / name).touch()
    return tmp_path


def test_all_parts_are_needed(split_model):
    assert is_complete(split_model)
    (split_model / "model-00002-of-00002.safetensors").unlink()
    assert not is_complete(split_model)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_configuration_and_tokenizer_are_needed(split_model, name):
    (split_model / name).unlink()
    assert not is_complete(split_model)


def test_an_adapter_is_complete_with_its_weights(tmp_path):
    (tmp_path / "adapter_config.json").touch()
    assert not is_complete(tmp_path)
    (tmp_path / "adapter_model.safetensors").touch()
    assert is_complete(tmp_path)


def test_an_index_that_broke_off_is_not_complete(split_model):
    (split_model / "model.safetensors.index.json").write_text('{"weight_map": {"a"')
    assert not is_complete(split_model)
