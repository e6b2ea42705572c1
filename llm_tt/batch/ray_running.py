"""The same job on Ray: Ray Data hands parts to workers, each with a model; one process writes what they send.

A part is measured by the same code as on one machine and arrives as the bytes of its file. So the rows are
the same, to the last bit where workers have as many threads as the run on one machine: with more or fewer,
torch adds up in another order. Workers need no common disk. Ray replaces a worker that dies, and has its part
measured again.
"""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from llm_tt.batch.entries import BadEntry, Entry
from llm_tt.batch.job import PROMPTS_PER_PART, Job
from llm_tt.batch.job_folder import JobFolder
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.part_files import StoredRows, part_bytes, read_part
from llm_tt.batch.progress import BatchReport, BatchState, Work
from llm_tt.batch.ray_cluster import RayWorkers, connected
from llm_tt.errors import RayError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.loading import load_model
from llm_tt.model.spec import ModelSpec


def run_batch_on_ray(  # noqa: PLR0913 (as `run_batch`)
    model: LanguageModel,
    prompts: Path | str,
    folder: Path | str,
    options: BatchOptions | None = None,
    *,
    where: RayWorkers | None = None,
    prompts_per_part: int = PROMPTS_PER_PART,
    overwrite: bool = False,
    report: Callable[[BatchState], None] = lambda _: None,
) -> BatchReport:
    """As `run_batch`, and with the same rows; each may go on with what the other began.

    Args:
        model: Opened here to say which one it is; workers open their own by its spec.
        prompts: A file on this machine.
        folder: On this machine.
        options: What is measured.
        where: The cluster and its workers.
        prompts_per_part: What a worker gets at once.
        overwrite: Throw away what the folder holds of another job.
        report: Told after each part; what it raises stops the job, which can go on later.

    Raises:
        PromptError: the file cannot be read, or has no prompts.
        ExportError: the folder cannot be written, or holds another job.
        RayError: Ray is not installed, the cluster does not answer, or its workers fail for good.
    """
    where = where or RayWorkers()
    prompts = Path(prompts)
    job = Job.of(model, prompts, options or BatchOptions(), prompts_per_part)
    with JobFolder.opened(Path(folder), job, overwrite=overwrite) as opened:
        work = Work(opened, report)
        missing = [
            {"number": number, "entries": _packed(entries)}
            for number, entries in job.parts_of(prompts)
            if number not in work.finished
        ]
        if missing:
            for number, content in _measured(connected(where), model.spec, job, missing, where):
                part = read_part(job.identity, number, content)
                opened.write_bytes(number, content)
                work.add(number, part.figures)
        return work.report()


class _Worker:
    """One model in one process of the cluster."""

    def __init__(self, spec: ModelSpec, identity: str, fingerprint: str, options: BatchOptions) -> None:
        self._model = load_model(spec)
        if self._model.fingerprint != fingerprint:
            message = f"{spec.source} on this worker has other weights than where the job was started."
            raise ValueError(message)
        self._identity = identity
        self._options = options

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        entries = _unpacked(row["entries"])
        rows, skipped = measure_all(self._model, entries, self._options)
        part = StoredRows(rows, tuple(skipped), len(entries) - len(skipped))
        return {"number": row["number"], "content": part_bytes(self._identity, row["number"], part)}


def _measured(
    ray: ModuleType, spec: ModelSpec, job: Job, missing: list[dict[str, object]], where: RayWorkers
) -> Iterator[tuple[int, bytes]]:
    """Parts as they are finished, in any order."""
    data = ray.data
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    rows = data.from_items(missing, override_num_blocks=len(missing))
    pool = data.ActorPoolStrategy(size=where.workers) if where.workers else data.ActorPoolStrategy(min_size=1)
    measured = rows.map(
        _Worker,
        fn_constructor_args=(_spec_of_worker(spec, where), job.identity, job.fingerprint, job.options),
        compute=pool,
        num_cpus=where.cpus,
        num_gpus=where.gpus,
    )
    try:
        for row in measured.iter_rows():
            yield int(row["number"]), row["content"]
    except ray.exceptions.RayError as problem:
        raise RayError(
            asked="Measure prompts on Ray.",
            found=f"The workers failed: {_last_line(problem)}",
            remedy="Mend that, and give the same command again: finished parts stay.",
        ) from None


def _spec_of_worker(spec: ModelSpec, where: RayWorkers) -> ModelSpec:
    """Ray shows each worker its own GPUs alone, so a model that needs several takes all that it sees."""
    if where.gpus == 0:
        return spec
    return ModelSpec(spec.source, "cuda", spec.dtype, spec.revision, n_devices=max(1, int(where.gpus)))


def _packed(entries: list[Entry | BadEntry]) -> str:
    return json.dumps([[type(entry).__name__, asdict(entry)] for entry in entries])


def _unpacked(packed: str) -> list[Entry | BadEntry]:
    kinds = {kind.__name__: kind for kind in (Entry, BadEntry)}
    return [kinds[name](**_as_given(fields)) for name, fields in json.loads(packed)]


def _as_given(fields: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _last_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[-1]
