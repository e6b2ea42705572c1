"""The same job on a local Ray with two workers, one of which is killed in the middle.

In a process of its own: Ray leaves threads and processes behind that other tests should not meet.
"""

import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.ray_cluster import RayWorkers
from llm_tt.batch.ray_running import _packed, _spec_of_worker, _unpacked
from llm_tt.model.spec import ModelSpec
from tests.batch.conftest import lines_of

SCRIPT = """
import json, os, signal, sys
import psutil, ray, torch
import llm_tt
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.ray_cluster import RayWorkers
from llm_tt.batch.ray_running import run_batch_on_ray
from llm_tt.batch.running import run_batch

torch.set_num_threads(1)  # as many as a worker has
prompts, one, several = sys.argv[1:]
model, options = llm_tt.load_model("small-world"), BatchOptions(neurons=3, edges=5)
run_batch(model, prompts, one, options, prompts_per_part=2)
killed = []

def kill_a_worker(state):
    workers = [
        child for child in psutil.Process().children(recursive=True)
        if child.name().startswith("ray::MapWorker") or "MapWorker" in " ".join(child.cmdline())
    ]
    if state.n_done >= 4 and workers and not killed:
        killed.append(workers[0].pid)
        os.kill(workers[0].pid, signal.SIGKILL)

ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
report = run_batch_on_ray(
    model, prompts, several, options, where=RayWorkers(workers=2), prompts_per_part=2, report=kill_a_worker
)
ray.shutdown()
print(json.dumps({"measured": report.n_measured, "skipped": report.n_skipped, "killed": len(killed)}))
"""


@pytest.mark.parametrize(
    "entries",
    [[Entry(1, "p", " a", 7, "c", "g", "s", accepted=(" a", 8)), BadEntry(2, "“why”"), Entry(3, "é\n")], []],
)
def test_entries_travel_as_text(entries):
    assert _unpacked(_packed(entries)) == entries


@pytest.mark.parametrize(
    ("gpus", "device", "n_devices"), [(0.0, "cpu", 1), (0.25, "cuda", 1), (1.0, "cuda", 1), (2.0, "cuda", 2)]
)
def test_a_worker_s_model_takes_the_gpus_that_it_has(gpus, device, n_devices):
    spec = _spec_of_worker(ModelSpec("m", "cpu", "bfloat16", "r"), RayWorkers(gpus=gpus))
    assert spec == ModelSpec("m", device, "bfloat16", "r", n_devices)


def test_a_worker_is_killed_and_the_rows_are_those_of_one_machine(tmp_path):
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text("\n".join([*lines_of(60), "{nothing"]))
    one, several = tmp_path / "one", tmp_path / "several"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, prompts, one, several],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {"measured": 60, "skipped": 1, "killed": 1}
    assert pq.read_table(several).equals(pq.read_table(one))
    parts = sorted(path.name for path in one.glob("*.parquet"))
    assert sorted(path.name for path in several.glob("*.parquet")) == parts
    assert all((one / name).read_bytes() == (several / name).read_bytes() for name in parts)
