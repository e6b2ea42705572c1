"""`run_batch`: measure the prompts of a file into a folder of parquet parts; go on where it was stopped."""

from collections.abc import Callable
from pathlib import Path

from llm_tt.batch.job import PROMPTS_PER_PART, Job
from llm_tt.batch.job_folder import JobFolder
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.part_files import StoredRows
from llm_tt.batch.progress import BatchReport, BatchState, Work
from llm_tt.model.language_model import LanguageModel


def run_batch(  # noqa: PLR0913 (what is measured, of what, into what)
    model: LanguageModel,
    prompts: Path | str,
    folder: Path | str,
    options: BatchOptions | None = None,
    *,
    prompts_per_part: int = PROMPTS_PER_PART,
    overwrite: bool = False,
    report: Callable[[BatchState], None] = lambda _: None,
) -> BatchReport:
    """Measure every prompt of a file; what a folder already holds of this job is not measured again.

    Args:
        model: An opened model.
        prompts: A file that `read_entries` reads.
        folder: Where the parts go, such as runs.parquet; it is made.
        options: What is measured.
        prompts_per_part: A kill loses at most so many.
        overwrite: Throw away what the folder holds of another job.
        report: Told after each prompt; what it raises stops the job, which can go on later.

    Raises:
        PromptError: the file cannot be read, or has no prompts.
        ExportError: the folder cannot be written, or holds another job.
    """
    prompts, folder = Path(prompts), Path(folder)
    job = Job.of(model, prompts, options or BatchOptions(), prompts_per_part)
    with JobFolder.opened(folder, job, overwrite=overwrite) as opened:
        work = Work(opened, report)
        for number, entries in job.parts_of(prompts):
            if number in work.finished:
                continue
            rows, skipped = measure_all(model, entries, job.options, work.within_part(len(entries)))
            part = StoredRows(rows, tuple(skipped), len(entries) - len(skipped))
            opened.write(number, part)
            work.add(number, part.figures)
        return work.report()
