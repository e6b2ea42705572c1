"""The door: specs, devices, models in memory."""

from concurrent.futures import ThreadPoolExecutor

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
    assert model.spec.source.startswith("in-memory GPT2LMHeadModel")
    assert (model.spec.device, model.spec.dtype) == ("cpu", "bfloat16")


def test_two_models_in_memory_never_share_a_cache_key(byte_tokenizer):
    first, second = (llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer) for _ in range(2))
    assert first.spec != second.spec


@pytest.mark.parametrize("source", [None, 5, b"gpt2"])
def test_something_that_is_no_source(source):
    with pytest.raises(TypeError, match="source"):
        llm_tt.load_model(source)


def test_loading_in_several_threads_breaks_nothing(save_family):
    """Transformers patches its own classes while it loads; overlapping loads used to leave them patched."""
    tied = save_family("GPT-2")
    sources = [tied, save_family("Llama"), "untrained"]

    def load(source):
        return llm_tt.load_model(source).self_test.passed

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(load, sources * 5))
    plain = llm_tt.load_model(tied)._bridge.original_model
    assert plain.lm_head.weight.data_ptr() == plain.get_input_embeddings().weight.data_ptr()


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
