"""Compiled loops with the widest vectors that the processor has.

On processors with 512-bit vectors LLVM prefers 256 bits; here the wide ones take a fifth less time. The
preference can only be changed for a whole process and before its first compilation; later it has no effect.
So every module with compiled loops asks for it before it defines one: whichever is loaded first, the same
loop adds up in the same order, and its results are the same to the last bit.
"""

from llvmlite import binding
from numba import config


def prefer_wide_vectors() -> None:
    """For all that is compiled from now on; what a person set in NUMBA_CPU_FEATURES stays."""
    features = binding.get_host_cpu_features()
    if config.CPU_FEATURES is None and features.get("avx512f"):
        config.CPU_FEATURES = f"{features.flatten()},-prefer-256-bit"
