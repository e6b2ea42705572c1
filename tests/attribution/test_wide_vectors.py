"""The same vectors whichever compiled loop is loaded first."""

import os
import subprocess
import sys

import pytest
from llvmlite import binding

SHOW = "import {module}; from numba import config; print(config.CPU_FEATURES)"

MODULES = ("llm_tt.attribution.compiled", "llm_tt.concepts.selection_kernel")


def features_after(module: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    ).stdout.strip()


def test_every_module_with_compiled_loops_asks_for_the_same():
    first, second = map(features_after, MODULES)
    assert first == second
    assert first.endswith("-prefer-256-bit") is bool(binding.get_host_cpu_features().get("avx512f"))


@pytest.mark.parametrize("module", MODULES)
def test_what_a_person_set_stays(module):
    assert features_after(module, NUMBA_CPU_FEATURES="+sse2") == "+sse2"
