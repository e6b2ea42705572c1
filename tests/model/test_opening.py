"""From files to an opened model: damaged files, adapters, tokenizers that do not fit."""

import json
import socket
import sys

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch.testing import assert_close

import llm_tt
from llm_tt.errors import MemoryLimitError, UnsupportedModelError
from llm_tt.model import opening
from tests.families.registry import FAMILIES, build


@pytest.mark.parametrize("name", ["GPT-2", "Llama", "Gemma 2", "Mixtral", "Phi-3"])
def test_a_saved_model_opens_as_it_was(name, save_family):
    family = next(family for family in FAMILIES if family.name == name)
    model = llm_tt.load_model(save_family(name))
    with torch.no_grad():
        expected = build(family)(torch.tensor([[1, 2, 3]])).logits[0]
        assert_close(model.run([1, 2, 3]), expected, atol=1e-4, rtol=0)


def test_a_damaged_weights_file(save_family):
    folder = save_family()
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UnsupportedModelError, match="weights cannot be read"):
        llm_tt.load_model(folder)


def test_a_missing_weight_is_never_replaced_by_a_random_one(save_family):
    weights = (folder := save_family()) / "model.safetensors"
    tensors = load_file(weights)
    name = next(name for name in tensors if name.endswith("h.1.mlp.c_fc.weight"))
    del tensors[name]
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(
        UnsupportedModelError, match=r"missing or of the wrong shape.*h\.1\.mlp\.c_fc\.weight"
    ):
        llm_tt.load_model(folder)


def test_weights_of_another_configuration(save_family):
    folder = save_family()
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"n_inner": 20}))
    with pytest.raises(UnsupportedModelError, match="weights"):
        llm_tt.load_model(folder)


def test_a_damaged_tokenizer(save_family):
    folder = save_family()
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(UnsupportedModelError, match="tokenizer cannot be read"):
        llm_tt.load_model(folder)


def test_several_devices_where_there_are_none(save_family):
    if torch.cuda.device_count() > 1:
        pytest.skip("this machine has several CUDA devices")
    with pytest.raises(UnsupportedModelError, match="n_devices=1"):
        llm_tt.load_model(llm_tt.ModelSpec(str(save_family()), n_devices=2))


@pytest.fixture
def adapted(save_family, tmp_path):
    """A base folder, a LoRA adapter for it in a folder of its own, and the merged model's logits."""
    base = save_family("Llama")
    family = next(family for family in FAMILIES if family.name == "Llama")
    model = get_peft_model(build(family), LoraConfig(r=2, target_modules=["q_proj", "down_proj"]))
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
        expected = model(torch.tensor([[1, 2, 3]])).logits[0]
    adapter = tmp_path / "adapter"
    model.save_pretrained(adapter)
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": str(base)}))
    return base, adapter, expected


def test_an_adapter_on_top_of_its_base(adapted):
    base, adapter, expected = adapted
    with torch.no_grad():
        assert_close(llm_tt.load_model(adapter).run([1, 2, 3]), expected, atol=1e-4, rtol=0)
        assert (llm_tt.load_model(base).run([1, 2, 3]) - expected).abs().max() > 0.01


def test_an_adapter_beside_its_base(adapted):
    base, adapter, expected = adapted
    for file in adapter.glob("adapter_*"):
        file.rename(base / file.name)
    with torch.no_grad():
        assert_close(llm_tt.load_model(base).run([1, 2, 3]), expected, atol=1e-4, rtol=0)


def test_an_adapter_beside_its_base_needs_no_hub(adapted, monkeypatch):
    """Its base is usually given by a hub name; the files beside it are enough, and nobody is asked."""
    base, adapter, expected = adapted
    for file in adapter.glob("adapter_*"):
        file.rename(base / file.name)
    path = base / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": "someone/base"}))

    def refuse(*_, **__):
        pytest.fail("a network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    with torch.no_grad():
        assert_close(llm_tt.load_model(base).run([1, 2, 3]), expected, atol=1e-4, rtol=0)


def test_an_adapter_without_peft_is_never_left_out_silently(adapted, monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(UnsupportedModelError, match="pip install peft"):
        llm_tt.load_model(adapted[1])


def test_an_adapter_of_another_model(adapted, save_family):
    _, adapter, _ = adapted
    path = adapter / "adapter_config.json"
    other = save_family("Qwen3")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": str(other)}))
    with pytest.raises(UnsupportedModelError, match="adapter does not fit"):
        llm_tt.load_model(adapter)


@pytest.mark.parametrize("left", [0, 1])
def test_an_adapter_whose_weights_have_no_place_is_never_ignored(adapted, left):
    """Peft only warns about them, and would open the base model under the adapter's name."""
    _, adapter, _ = adapted
    file = adapter / "adapter_model.safetensors"
    tensors = load_file(file)
    renamed = {
        (name if i < left else f"x.{name}"): tensor for i, (name, tensor) in enumerate(tensors.items())
    }
    save_file(renamed, file, metadata={"format": "pt"})
    with pytest.raises(UnsupportedModelError, match="weights have no counterpart"):
        llm_tt.load_model(adapter)


def test_running_out_of_memory_is_not_called_damage(save_family, monkeypatch):
    def fail(*_, **__):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(opening.AutoModelForCausalLM, "from_pretrained", fail)
    with pytest.raises(MemoryLimitError, match="is full"):
        llm_tt.load_model(save_family())
