"""The estimate of a run's memory, against what the operating system counted."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark

RUN = """
import re, sys
from pathlib import Path
import llm_tt
from llm_tt.tracing.memory import run_bytes

def resident(which):
    return int(re.search(which + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

model = llm_tt.load_model("untrained-gpt2-small")
llm_tt.capture(model, "warm up")
prompt = model.tokenize("x" * int(sys.argv[1]))
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = resident("VmRSS")
trace = llm_tt.capture(model, prompt)
print(resident("VmHWM") - before, run_bytes(model.dimensions, len(prompt)))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are read from Linux' /proc")
@pytest.mark.parametrize("n_tokens", [128, 512, 1024])
def test_the_estimate_covers_the_peak(n_tokens, capsys):
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(n_tokens)], check=True, capture_output=True, text=True
    )
    measured, estimated = map(int, done.stdout.split())
    with capsys.disabled():
        print(  # noqa: T201
            f"\nmemory of a run at {n_tokens} tokens: measured {measured / 2**20:.0f} MiB, "
            f"estimated {estimated / 2**20:.0f} MiB"
        )
    assert 0.9 * measured <= estimated <= 2 * measured
