"""How far a job is, in words and in a log."""

from llm_tt.batch.progress import BatchState
from llm_tt.cli import batch_progress
from llm_tt.cli.batch_progress import pace_in_words


def test_a_pace_and_the_time_that_is_left():
    assert pace_in_words(BatchState(2_000, 500, 0, 12.5)) == "40.0 a second, 0:00:38 left"
    assert pace_in_words(BatchState(2_000, 0, 0, 1.0)) == ""


def test_a_log_has_a_line_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr(batch_progress, "SECONDS_BETWEEN_LINES", 0.0)
    with batch_progress.batch_progress("prompts.jsonl") as tell:
        tell(BatchState(2_000, 1_000, 0, 25.0))
    assert capsys.readouterr().err == "prompts.jsonl: 1,000 of 2,000, 40.0 a second, 0:00:25 left\n"
    monkeypatch.setattr(batch_progress, "SECONDS_BETWEEN_LINES", 1e9)
    with batch_progress.batch_progress("prompts.jsonl") as tell:
        tell(BatchState(2_000, 1_000, 0, 25.0))
    assert capsys.readouterr().err == ""
