"""The weights of a folder, looked at before one of them is read."""

import json
import pickle
import shutil

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import llm_tt
from tests.model.test_folder_checks import change_config, refusal

PART = "model-00001-of-00001.safetensors"


def split_weights(folder, name=PART):
    """The same weights as they lie in large models: an index, and what it names."""
    with safe_open(folder / "model.safetensors", "pt") as file:
        keys = list(file.keys())
    (folder / "model.safetensors").rename(folder / PART)
    content = {"metadata": {}, "weight_map": dict.fromkeys(keys, name)}
    (folder / "model.safetensors.index.json").write_text(json.dumps(content))
    return folder


def test_weights_in_parts_are_opened(save_family):
    assert llm_tt.load_model(split_weights(save_family())).dimensions.n_layers == 2


@pytest.mark.parametrize("leads", ["../outside.safetensors", "/etc/passwd", "pytorch_model.bin", "."])
def test_an_index_does_not_lead_out_of_the_folder_nor_to_another_kind(save_family, leads):
    folder = split_weights(save_family(), leads)
    shutil.copy(folder / PART, folder.parent / "outside.safetensors")
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    assert refusal(folder).endswith(f"leads to {leads!r}, which is no safetensors file of the folder.")


def test_a_part_that_is_missing_is_named(save_family):
    assert refusal(split_weights(save_family(), "gone.safetensors")) == "It has no file 'gone.safetensors'."


@pytest.mark.parametrize("content", ["[]", "{}", '{"metadata": {}, "weight_map": []}', "[" * 100_000])
def test_an_index_that_names_nothing(save_family, content):
    folder = split_weights(save_family())
    (folder / "model.safetensors.index.json").write_text(content)
    assert refusal(folder).startswith("Its model.safetensors.index.json ")


def test_more_layers_than_tensors_are_not_built(save_family):
    folder = change_config(save_family(), n_layer=1_000_000)
    assert refusal(folder) == (
        "Its config.json says that it has 1,000,000 layers, and its weights are 28 tensors."
    )


def test_a_checksum_belongs_to_weights_in_one_file(save_family):
    folder = split_weights(save_family())
    (folder / "training.json").write_text('{"sha256": "0"}')
    llm_tt.load_model(folder)


@pytest.mark.parametrize("dtype", [torch.int64, torch.int8, torch.uint8, torch.bool])
def test_whole_numbers_are_no_weights(save_family, dtype):
    folder = save_family()
    weights = load_file(folder / "model.safetensors")
    name = next(key for key in weights if key.endswith("c_fc.weight"))
    weights["transformer.h.0.attn.masked"] = torch.ones(2, 2, dtype=dtype)  # old checkpoints hold masks
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    llm_tt.load_model(folder)
    weights[name] = weights[name].to(dtype)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert refusal(folder) == f"Its {name} holds whole numbers: it is quantised, or damaged."
