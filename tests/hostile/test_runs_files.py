"""Files of many prompts, the folder of a job, and the rows that are read from it."""

import json
import random
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, strategies

import llm_tt
from llm_tt.batch.entries import BadEntry, Entry, read_entries
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import AttributionError, LlmTtError, PromptError
from llm_tt.summaries.report import summarize_runs
from llm_tt.summaries.runs import open_runs, runs_of_bytes
from tests.hostile.answers import NO_FILES, any_text, check_text, often, refused, timed

PART = "part-00000.parquet"
TASK = "clean,correct_idx\nx,"


def entries(name, content):
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with timed():
        found = list(read_entries(name, content))
    for entry in found:
        assert isinstance(entry, (Entry, BadEntry))
        if isinstance(entry, BadEntry):
            check_text(entry.reason)
            assert len(entry.reason) < 300
    return found


LINES = {
    "an answer of 5,000 digits": ("a.csv", TASK + "9" * 5_000),
    "an answer of 400 digits": ("a.csv", TASK + "9" * 400),
    "an answer that is a small two": ("a.csv", TASK + "²"),
    "a quote that never ends": ("a.csv", 'prompt\n"aaa'),
    "a field of 200,000 letters": ("a.csv", "prompt\n" + "a" * 200_000),
    "100,000 columns of one name": ("a.csv", ",".join(["prompt"] * 100_000) + "\n" + ",".join("a" * 100_000)),
    "a prompt of 100,000 lines": ("a.csv", 'prompt\n"' + "\n" * 100_000 + '"'),
    "endless brackets": ("a.jsonl", '{"prompt":' + "[" * 100_000),
    "a number of 5,000 digits": ("a.jsonl", "9" * 5_000),
    "an answer that is no number": ("a.jsonl", '{"prompt": "a", "answer": NaN}'),
    "an answer beyond all numbers": ("a.jsonl", '{"prompt": "a", "answer": 1e999}'),
    "half of a character": ("a.jsonl", '{"prompt": "\\ud800"}'),
    "an object for a prompt": ("a.jsonl", '{"prompt": {"a": 1}}'),
    "lists in lists": ("a.jsonl", '{"prompt": "a", "answer": [[]]}'),
    "100,000 answers": ("a.jsonl", json.dumps({"prompt": "a", "answers": ["x"] * 100_000})),
    "a line of two megabytes": ("a.txt", "a" * 2**21),
    "50,000 empty objects": ("a.jsonl", "{}\n" * 50_000),
    "a million empty lines": ("a.txt", "\n" * 10**6),
    "every byte there is": ("a.txt", bytes(range(256)) * 100),
    "the name of a file of the machine": ("/etc/passwd", "x"),
}


@pytest.mark.parametrize(("name", "content"), LINES.values(), ids=LINES)
def test_a_line_that_cannot_be_read_is_told_and_no_end(name, content):
    entries(name, content)


FILES = {
    "columns that nobody knows": ("a.csv", ",".join(f"column {n}" for n in range(100_000)) + "\n"),
    "a heading of 200,000 letters": ("a.csv", "a" * 200_000 + "\n"),
    "an empty table": ("a.csv", ""),
    "endless brackets": ("a.json", "[" * 100_000),
    "5,000 digits": ("a.json", "[" + "9" * 5_000 + "]"),
    "a text": ("a.json", '"a"'),
    "prompts that are an object": ("a.json", '{"prompts": {"a": 1}}'),
    "a name that is a page": ("<img src=x onerror=alert(1)>.csv", "x\ny"),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_is_a_sentence(name, content):
    error = refused(lambda: list(read_entries(name, content.encode())), PromptError)
    assert len(error.found) < 500


@often
@given(text=any_text, ending=strategies.sampled_from(["txt", "jsonl", "csv", "json"]))
def test_whatever_a_file_holds_it_is_entries_or_a_sentence(text, ending):
    try:
        entries(f"a.{ending}", text)
    except LlmTtError as problem:
        check_text(problem.found)


@pytest.fixture(scope="module")
def runs(world, tmp_path_factory):
    """A prompt, measured; and the file that it stood in."""
    folder = tmp_path_factory.mktemp("measured")
    (folder / "prompts.txt").write_text("When Mary and John")
    llm_tt.run_batch(world, folder / "prompts.txt", folder / "runs")
    summarize_runs(open_runs(folder / "runs"))  # warm
    return folder


@pytest.fixture
def folder(runs, tmp_path):
    """A copy that may be spoilt."""
    shutil.copytree(runs / "runs", tmp_path / "runs")
    return tmp_path / "runs"


@pytest.mark.parametrize("kind", [*NO_FILES, "/dev/urandom", "/proc/self/mem", "link to nowhere"])
def test_prompts_that_are_no_file_are_not_waited_for(world, tmp_path, stand_in, kind):
    path = stand_in(kind, tmp_path / "prompts.txt")
    refused(lambda: llm_tt.run_batch(world, path, tmp_path / "runs"), PromptError)
    assert not (tmp_path / "runs").exists()


ANSWERS = ["9" * 400, "-5", "2147483648", "9223372036854775808", '"no token of this model"', '["", ""]']


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[:12])
def test_an_answer_that_no_model_knows_is_passed_over_and_told(world, tmp_path, answer):
    line = f'{{"prompt": "When Mary and", "answer": {answer}}}'
    (tmp_path / "prompts.jsonl").write_text(f'{line}\n{{"prompt": "When Mary and John"}}\n')
    with timed():
        report = llm_tt.run_batch(world, tmp_path / "prompts.jsonl", tmp_path / "runs")
    assert report.n_measured >= 1, "the other line is not lost"
    for skipped in report.skipped:
        check_text(skipped.reason)


OPTIONS = [
    {"density": float("nan")}, {"density": float("inf")}, {"methods": ()}, {"neurons": -1},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_options_that_mean_nothing(options):
    refused(lambda: BatchOptions(**options), AttributionError)


@pytest.mark.parametrize("number", [0, -1, -(10**30)])
def test_a_part_has_prompts(world, runs, tmp_path, number):
    refused(
        lambda: llm_tt.run_batch(world, runs / "prompts.txt", tmp_path / "runs", prompts_per_part=number),
        AttributionError,
    )


PLACES = ["a\0b", "\ud800", "x" * 300, "/dev/null", "/dev/null/x", "/proc/x"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ascii(place)[:12])
def test_a_folder_that_cannot_be_written(world, runs, tmp_path, place):
    refused(lambda: llm_tt.run_batch(world, runs / "prompts.txt", tmp_path / place))


def job(**changes):
    fields = dict.fromkeys(("model", "fingerprint", "dtype", "prompts", "digest"), "x")
    numbers = {"n_entries": 1, "prompts_per_part": 64, "format": 1}
    options = BatchOptions().to_json()
    return json.dumps(fields | numbers | {"options": options} | changes)


JOBS = {
    "endless brackets": "[" * 100_000,
    "5,000 digits": "9" * 5_000,
    "a list": "[]",
    "options that are a number": job(options=5),
    "methods that nobody knows": job(options={"methods": ["evil"]}),
    "a key that nobody knows": job(evil=1),
    "parts without prompts": job(prompts_per_part=0),
    "numbers that are texts": job(n_entries="x"),
    "more entries than there are numbers": job(n_entries=10**30),
    "a model that is a list": job(model=["x"]),
}


@pytest.mark.parametrize("content", JOBS.values(), ids=JOBS)
def test_what_lies_beside_the_rows_may_be_anything(world, runs, folder, content):
    """The rows are read without it; nothing is written to them."""
    (folder / "_job.json").write_text(content)
    before = (folder / PART).read_bytes()
    refused(lambda: llm_tt.run_batch(world, runs / "prompts.txt", folder))
    with timed():
        assert open_runs(folder).n_prompts == 1
    assert (folder / PART).read_bytes() == before


@pytest.mark.parametrize("kind", NO_FILES)
@pytest.mark.parametrize("name", ["_job.json", PART])
def test_nothing_of_a_job_is_waited_for(folder, stand_in, name, kind):
    stand_in(kind, folder / name)
    with timed():
        try:
            open_runs(folder)
        except LlmTtError as problem:
            check_text(str(problem))


@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_a_part_that_is_no_file_is_measured_again(world, runs, folder, stand_in, kind):
    stand_in(kind, folder / PART)
    with timed():
        llm_tt.run_batch(world, runs / "prompts.txt", folder)
    assert open_runs(folder).n_prompts == 1


def test_changed_bytes_are_rows_or_a_sentence(folder):
    content = (folder / PART).read_bytes()
    chance = random.Random(0)
    for number in range(150):
        changed = bytearray(content)
        for _ in range(3):  # every second time near the end, where the names of columns are
            first = max(0, len(content) - 6_000) if number % 2 else 0
            changed[chance.randrange(first, len(content))] = chance.randrange(256)
        (folder / PART).write_bytes(changed)
        with timed():
            try:
                summarize_runs(open_runs(folder))
            except LlmTtError as problem:
                check_text(str(problem))


UPLOADS = {
    "nothing": b"",
    "its first and last letters": b"PAR1" + b"\0" * 100 + b"PAR1",
    "a footer of two gigabytes": b"PAR1" + b"\0" * 100 + b"\xff\xff\xff\x7fPAR1",
    "a zip": b"PK\3\4" + b"\0" * 100,
    "a pickle": b"\x80\x04\x95" + b"\0" * 100,
}


@pytest.mark.parametrize("content", UPLOADS.values(), ids=UPLOADS)
def test_bytes_that_are_no_rows(content):
    refused(lambda: runs_of_bytes(content, "<script>.parquet"))


def test_a_table_of_a_hundred_thousand_columns(tmp_path):
    table = pa.table({f"<b>{number}": [1] for number in range(20_000)})
    pq.write_table(table, tmp_path / "wide.parquet")
    refused(lambda: open_runs(tmp_path / "wide.parquet"))


@pytest.mark.parametrize(
    "place", [*PLACES[:4], "/dev/zero", "~nobody/x", "*.parquet"], ids=lambda p: ascii(p)[:12]
)
def test_a_place_that_holds_no_rows(tmp_path, place):
    refused(lambda: open_runs(tmp_path / place))
