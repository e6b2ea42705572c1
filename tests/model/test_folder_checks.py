"""What must be refused before a weight is read, each with the error a person would read."""

import hashlib
import json

import pytest

import llm_tt
from llm_tt.errors import ModelNotFoundError, UnsupportedModelError


def change_config(folder, **changes):
    path = folder / "config.json"
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(config))
    return folder


def refusal(folder) -> str:
    with pytest.raises(UnsupportedModelError) as caught:
        llm_tt.load_model(folder)
    assert str(folder) in caught.value.asked
    assert caught.value.remedy
    return caught.value.found


def test_a_folder_that_is_no_model(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"is no model: it has no config\.json"):
        llm_tt.load_model(tmp_path)


def test_a_folder_without_tokenizer(save_family):
    assert "no tokenizer" in refusal(save_family(tokenizer=False))


def test_an_encoder(save_family):
    folder = change_config(save_family(), model_type="bert", architectures=["BertForMaskedLM"])
    assert "BertForMaskedLM: no decoder language model" in refusal(folder)


def test_an_encoder_decoder(save_family):
    folder = change_config(
        save_family(), model_type="t5", architectures=["T5ForConditionalGeneration"], is_encoder_decoder=True
    )
    assert "encoder-decoder model (t5)" in refusal(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt"])
def test_pickled_weights(save_family, name):
    folder = save_family()
    (folder / "model.safetensors").rename(folder / name)
    assert f"pickled ({name})" in refusal(folder)


def test_no_weights(save_family):
    folder = save_family()
    (folder / "model.safetensors").unlink()
    assert "no weights" in refusal(folder)


def test_quantised_weights(save_family):
    folder = change_config(save_family(), quantization_config={"quant_method": "gptq", "bits": 4})
    assert "quantised (gptq)" in refusal(folder)


def test_code_of_its_own(save_family):
    folder = change_config(
        save_family(), model_type="mystery", auto_map={"AutoModelForCausalLM": "x.Mystery"}
    )
    (folder / "x.py").write_text("raise SystemExit('this code must never run')")
    assert "its own Python code" in refusal(folder)


def test_an_unknown_family(save_family):
    folder = change_config(save_family(), model_type="gpt17", architectures=["GPT17LMHeadModel"])
    assert "family 'gpt17'" in refusal(folder)


def test_a_family_without_hook_points(save_family):
    folder = change_config(save_family(), model_type="ctrl", architectures=["CTRLLMHeadModel"])
    assert "no hook points for the family 'ctrl'" in refusal(folder)


@pytest.mark.parametrize("content", ["{", "[]", "null"])
def test_a_damaged_configuration(save_family, content):
    folder = save_family()
    (folder / "config.json").write_text(content)
    assert "config.json" in refusal(folder)


def test_a_configuration_that_makes_no_sense(save_family):
    assert refusal(change_config(save_family(), n_layer="many"))


def test_weights_that_are_not_those_of_their_training_run(save_family):
    folder = save_family()
    weights = folder / "model.safetensors"
    checksum = hashlib.sha256(weights.read_bytes()).hexdigest()
    (folder / "training.json").write_text(json.dumps({"sha256": checksum}))
    llm_tt.load_model(folder)
    content = bytearray(weights.read_bytes())
    content[-5] ^= 1  # one bit of one weight
    weights.write_bytes(content)
    assert "does not have the checksum" in refusal(folder)
