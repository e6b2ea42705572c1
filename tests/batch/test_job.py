"""What makes two jobs the same, and how the entries of a file fall into parts."""

import json
from dataclasses import replace

import pytest

from llm_tt.batch.job import Job
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import PromptError


@pytest.fixture
def job(small_world, prompts):
    return Job.of(small_world, prompts, BatchOptions(), 5)


def test_it_goes_into_a_file_and_comes_back(job):
    assert Job.from_json(json.dumps(job.to_json()).encode()) == job


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b'{"format": 2}', b'{"format": 1}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_job_is_not_taken_for_one(content):
    with pytest.raises(ValueError):
        Job.from_json(content)


def test_every_entry_is_in_one_part(job, prompts):
    parts = list(job.parts_of(prompts))
    assert job.n_entries == 22
    assert [number for number, _ in parts] == list(range(job.n_parts)) == [0, 1, 2, 3, 4]
    assert [len(entries) for _, entries in parts] == [5, 5, 5, 5, 2]
    assert [entry.number for _, entries in parts for entry in entries] == list(range(1, 23))


def test_where_the_file_lies_does_not_count_and_what_is_measured_does(job, small_world, prompts, tmp_path):
    copy = tmp_path / "other name.jsonl"
    copy.write_bytes(prompts.read_bytes())
    assert Job.of(small_world, copy, BatchOptions(), 5).identity == job.identity
    others = [
        replace(job, fingerprint="another"),
        replace(job, digest="another"),
        replace(job, dtype="float64"),
        replace(job, prompts_per_part=6),
        replace(job, options=BatchOptions(density=0.5)),
        replace(job, options=BatchOptions(("relp", "ifr"))),
    ]
    assert len({other.identity for other in (job, *others)}) == 7
    words = ["the model", "the prompts", "dtype", "prompts in a part", "density", "methods"]
    assert [job.differences(other) for other in others] == [[word] for word in words]
    copy.write_bytes(prompts.read_bytes() + b"\n")
    assert Job.of(small_world, copy, BatchOptions(), 5).identity != job.identity


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [("missing.txt", None, "cannot be opened: No such file"), ("empty.txt", b" \n\n", "no lines with text")],
)
def test_a_file_without_prompts_is_refused(small_world, tmp_path, name, content, found):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PromptError, match=found):
        Job.of(small_world, path, BatchOptions())


@pytest.mark.parametrize("name", ["a\0b", "folder"])
def test_a_name_that_is_no_file_s_is_refused(small_world, tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(PromptError, match="cannot be opened"):
        Job.of(small_world, tmp_path / name, BatchOptions())
