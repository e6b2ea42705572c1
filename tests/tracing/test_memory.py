"""The estimate is the truth, and it is made before anything runs."""

import pytest
import torch

import llm_tt
from llm_tt.errors import MemoryLimitError
from llm_tt.tracing import memory
from llm_tt.tracing.memory import run_bytes, trace_bytes
from tests.families.registry import FAMILIES


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("n_pos", [3, 40])
def test_the_estimate_is_the_size_of_the_trace(family, n_pos, open_family):
    model = open_family(family.name)
    trace = llm_tt.capture(model, "x" * n_pos)
    held = [*(getattr(trace, name) for name in trace.__slots__), *trace.patterns]
    tensors = [value for value in held if isinstance(value, torch.Tensor)]
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in tensors}
    assert sum(storages.values()) == trace_bytes(model.dimensions, n_pos) == trace.n_bytes


def test_too_large_a_run_is_refused_with_both_figures_before_it_starts(tiny_model, monkeypatch):
    monkeypatch.setattr(tiny_model, "run", lambda *_: pytest.fail("it was run"), raising=False)
    needed = run_bytes(tiny_model.dimensions, 50)
    with pytest.raises(
        MemoryLimitError, match=r"50 tokens.*needs about 0\.\d MiB of memory, and 0\.\d MiB are"
    ):
        llm_tt.capture(tiny_model, "x" * 50, memory_limit=needed - 1)


def test_a_run_that_just_fits_is_run(tiny_model):
    llm_tt.capture(tiny_model, "x" * 50, memory_limit=run_bytes(tiny_model.dimensions, 50))


def test_without_a_limit_the_free_memory_decides(tiny_model, monkeypatch):
    monkeypatch.setattr(memory, "_free_bytes", lambda device: 1000)
    with pytest.raises(MemoryLimitError):
        llm_tt.capture(tiny_model, "too much")
