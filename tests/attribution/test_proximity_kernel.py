"""The kernel is used where it can be, and agrees with the chunked way wherever both run."""

import sys

import torch
from torch.testing import assert_close

from llm_tt.attribution import proximity, proximity_kernel
from llm_tt.attribution.proximity_kernel import KernelJob
from tests.attribution.test_proximity import layer, messages, proximities


def test_it_runs_on_cpus_with_numba_and_nowhere_else(monkeypatch):
    assert proximity_kernel.can_compute(torch.zeros(1))
    assert not proximity_kernel.can_compute(torch.zeros(1, device="meta"))
    monkeypatch.setattr(proximity_kernel, "find_spec", lambda _: None)
    assert not proximity_kernel.can_compute(torch.zeros(1))


def test_without_numba_the_chunked_way_gives_the_same(monkeypatch):
    given = messages(n_positions=9)
    compiled = proximities(*given)
    monkeypatch.setattr(proximity_kernel, "find_spec", lambda _: None)
    monkeypatch.setitem(sys.modules, "llm_tt.attribution.compiled", None)
    assert_close(proximities(*given), compiled, atol=1e-5, rtol=0)


def kernel(whole, vectors, pattern, slope):
    result = torch.full_like(pattern, 7.0, memory_format=torch.contiguous_format)
    proximity_kernel.of_messages([KernelJob(whole, vectors, pattern, slope, result)])
    return result


def test_one_thread_or_several():
    given = messages(n_positions=20)
    slope = proximity.slope(given[0], layer(*given))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = kernel(*given, slope)
        torch.set_num_threads(4)
        together = kernel(*given, slope)
    finally:
        torch.set_num_threads(before)
    assert torch.equal(alone, together)


def test_views_that_are_not_contiguous_are_read_as_what_they_are():
    given = messages(n_positions=8)
    slope = proximity.slope(given[0], layer(*given))
    spread = [t.transpose(-1, -2).contiguous().transpose(-1, -2) for t in (*given, slope)]
    assert torch.equal(kernel(*spread), kernel(*given, slope))


def test_several_layers_at_once():
    jobs, expected = [], []
    for seed in range(3):
        given = messages(n_positions=6 + seed, seed=seed)
        slope = proximity.slope(given[0], layer(*given))
        expected.append(kernel(*given, slope))
        jobs.append(KernelJob(*given, slope, torch.full_like(given[2], 7.0)))
    proximity_kernel.of_messages(jobs)
    assert all(torch.equal(job.result, found) for job, found in zip(jobs, expected, strict=True))
