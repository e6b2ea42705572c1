"""`llm-tt batch`: rows for a program, a report for a person, and what stands in the way."""

import json
import signal
import subprocess
import time

import pyarrow.parquet as pq
import pytest

from tests.cli.running import PROGRAM, PROMPT, answered, as_a_person, run, said

LINES = [
    {"prompt": PROMPT, "answer": " Mary", "foil": " John", "group": "io"},
    {"prompt": "The capital of France is", "answer": " Paris"},
    {"prompt": "The capital of France is", "answer": " no single token"},
]


@pytest.fixture
def prompts(tmp_path):
    path = tmp_path / "prompts.jsonl"
    path.write_text("\n".join([*map(json.dumps, LINES), "{nothing"]))
    return path


def test_a_report_for_a_person(prompts, tmp_path):
    out = tmp_path / "runs.parquet"
    printed = said("batch", str(prompts), "-o", str(out))
    n_rows = pq.read_table(out).num_rows
    lines = printed.splitlines()
    assert lines[0] == f"{out}: 2 prompts, {n_rows:,} rows in 1 parts"
    assert lines[1] == "2 entries were passed over:"
    assert lines[2].startswith("  3: In small-world this is ")
    assert lines[3].startswith("  4: It is no JSON")
    assert "1 of the parts were there before." in said("batch", str(prompts), "-o", str(out))


def test_an_object_for_programs_and_all_options(prompts, tmp_path):
    out = tmp_path / "runs.parquet"
    found = answered(
        "batch", str(prompts), "-o", str(out), "--method", "ifr", "--method", "gradact",
        "--target", "prediction", "--contrast", "none", "--density", "0.2", "--neurons", "2", "--edges", "3",
        "--no-measure", "--baseline", "zero", "--prompts-per-part", "3",
    )  # fmt: skip
    assert (found["n_measured"], found["n_skipped"], found["n_parts"]) == (2, 2, 2)
    assert [entry["number"] for entry in found["skipped"]] == [3, 4]
    rows = pq.read_table(out).to_pandas()
    assert set(rows["method"]) == {"ifr", "gradact"}
    assert rows["contrast"].isna().all()
    assert rows["retained"].isna().all()
    assert rows.groupby(["entry", "method", "kind"]).size().loc[1, "gradact", "neuron"] == 2
    assert rows.groupby(["entry", "method", "kind"]).size().loc[1, "ifr", "edge"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["missing.jsonl"], 1, "cannot be opened"),
        (["prompts.jsonl", "--method", "rel"], 2, "Did you mean relp?"),
        (["prompts.jsonl", "--target", "foil"], 2, "Choose one of answer, prediction"),
        (["prompts.jsonl", "--contrast", "x"], 2, "Choose one of foil, none"),
        (["prompts.jsonl", "--baseline", "men"], 2, "Did you mean mean?"),
        (["prompts.jsonl", "--density", "0"], 2, "above 0 and at most 1"),
        (["prompts.jsonl", "--dtype", "float"], 2, "float32"),
        (["prompts.jsonl", "--device", "tpu"], 2, "device must be"),
        (["prompts.jsonl", "--workers", "2"], 2, "--ray auto"),
        (["prompts.jsonl", "-o", "prompts.jsonl"], 1, "There is a file of that name"),
        (["prompts.jsonl", "-o", "no/such/runs"], 1, "There is no folder"),
        (["prompts.jsonl", "--model", "small-wrld"], 1, "Did you mean small-world?"),
    ],
)
def test_what_stands_in_the_way(prompts, monkeypatch, arguments, code, words):
    monkeypatch.chdir(prompts.parent)
    result = run("batch", *arguments)
    said_by = str(result.exception) if code == 1 else result.stderr
    assert result.exit_code == code
    assert words in said_by.replace("\n", " ")


def test_when_nothing_could_be_measured_it_ends_with_an_error(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n{\n")
    done = as_a_person("batch", str(path), "-o", str(tmp_path / "runs"))
    assert done.returncode == 1
    assert "2 entries were passed over" in done.stdout
    assert done.stderr.splitlines()[1].startswith("None could be measured. The first, 1: It is no JSON")


def test_ctrl_c_ends_it_and_it_goes_on(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text((PROMPT + "\n") * 400)
    out = tmp_path / "runs"
    command = [*PROGRAM, "batch", str(path), "-o", str(out), "--prompts-per-part", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and len(list(out.glob("*.parquet"))) < 3:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, complained = running.communicate(timeout=60)
    assert (running.returncode, complained) == (130, "")
    parts = len(list(out.glob("*.parquet")))
    assert 3 <= parts < 200
