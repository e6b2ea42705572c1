"""The L1 proximity of all messages of a layer, compiled for CPUs.

Four keys are summed side by side in each pass over a query's state, so that every number of it is loaded once
for four messages; keys go in blocks that stay in the nearest cache; messages whose slope says that they add
nothing are left out. Heads are spread over threads: the compiled code runs without Python's lock. The first
call on a machine compiles (some seconds) and keeps the result on disk.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

KEYS_PER_BLOCK = 8
"""Eight messages of width 768 are 24 KiB: with the query's state they stay in the nearest cache."""


def can_compute(whole: Tensor) -> bool:
    """Whether the kernel may be used: on a CPU, with numba installed."""
    return whole.device.type == "cpu" and find_spec("numba") is not None


def of_part(
    whole: Float[Tensor, "position d_model"], part: Float[Tensor, "position d_model"]
) -> Float[Tensor, " position"]:
    """Proximity of one part to its whole, position by position."""
    from llm_tt.attribution.compiled import add_up_rows  # as below

    result = whole.new_empty(len(whole))
    add_up_rows(whole.contiguous().numpy(), part.contiguous().numpy(), result.numpy())
    return result


class KernelJob(NamedTuple):
    """One layer's work."""

    whole: Float[Tensor, "query d_model"]
    messages: Float[Tensor, "head key d_model"]
    coefficient: Float[Tensor, "head query key"]
    slope: Float[Tensor, "head query key"]
    """Where it is not positive, 0 is written and nothing is summed."""
    result: Float[Tensor, "head query key"]


def of_messages(jobs: Sequence[KernelJob]) -> None:
    """Write every proximity into the results; 0 where the key is in the future."""
    n_threads = max(1, torch.get_num_threads())
    parts = [part for job in jobs for part in _split(job, n_threads)]
    if n_threads == 1:
        for part in parts:
            part()
    else:
        with ThreadPoolExecutor(n_threads) as threads:
            list(threads.map(lambda part: part(), parts))


def _split(job: KernelJob, n_parts: int) -> Iterator[Callable[[], None]]:
    """The job as calls that may run side by side, some heads each."""
    from llm_tt.attribution.compiled import add_up  # numba costs half a second to import

    state = job.whole.contiguous().numpy()
    given = [tensor.contiguous().numpy() for tensor in (job.messages, job.coefficient, job.slope)]
    written = job.result.numpy()  # shares its memory
    edges = [len(written) * part // n_parts for part in range(n_parts + 1)]
    for first, last in pairwise(edges):
        heads = slice(first, last)
        yield partial(add_up, state, *(array[heads] for array in given), KEYS_PER_BLOCK, written[heads])
