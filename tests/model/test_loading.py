"""The door: specs, devices, models in memory."""

import pytest
import torch

import llm_tt
from llm_tt.errors import UnsupportedModelError
from llm_tt.model.loading import choose_device
from tests.families.registry import FAMILIES, build


def test_a_path_a_string_and_a_spec_open_the_same(save_family):
    folder = save_family()
    specs = {
        llm_tt.load_model(source).spec for source in (folder, str(folder), llm_tt.ModelSpec(str(folder)))
    }
    assert specs == {llm_tt.ModelSpec(str(folder))}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16", "float64"])
def test_the_precision_is_the_one_asked_for(dtype, save_family):
    model = llm_tt.load_model(llm_tt.ModelSpec(str(save_family()), dtype=dtype))
    assert next(model._bridge.parameters()).dtype == getattr(torch, dtype)
    assert model.compute_dtype == (torch.float64 if dtype == "float64" else torch.float32)


def test_a_model_in_memory_needs_its_tokenizer(byte_tokenizer):
    with pytest.raises(UnsupportedModelError, match=r"load_model\(model, tokenizer\)"):
        llm_tt.load_model(build(FAMILIES[0]))
    model = llm_tt.load_model(build(FAMILIES[0], torch.bfloat16), byte_tokenizer)
    assert model.spec == llm_tt.ModelSpec("in-memory GPT2LMHeadModel", device="cpu", dtype="bfloat16")


def test_a_tokenizer_is_not_taken_for_a_folder(byte_tokenizer, save_family):
    with pytest.raises(TypeError, match="only for a model in memory"):
        llm_tt.load_model(save_family(), byte_tokenizer)


def test_a_device_that_is_not_there():
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    assert choose_device(llm_tt.ModelSpec("x")).type in ("cpu", "mps")
    with pytest.raises(UnsupportedModelError, match=r"no cuda device.*device='cpu'"):
        choose_device(llm_tt.ModelSpec("x", device="cuda"))


@pytest.mark.gpu
def test_a_model_opens_on_a_gpu():
    model = llm_tt.load_model(llm_tt.ModelSpec("untrained", device="cuda"))
    trace = llm_tt.capture(model, "On a GPU")
    assert model.self_test.switched_off == ()
    assert trace.attention_pattern.device.type == "cuda"
