"""The shipped weights answer, as well as their training run said."""

import json

import pytest

from llm_tt.smallworld.evaluate import as_table, main, open_model
from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.model import WEIGHTS_FOLDER
from llm_tt.smallworld.scoring import Score, next_token_probabilities, score

PROMPTS = 100


@pytest.fixture(scope="module")
def opened():
    return open_model()


@pytest.fixture(scope="module")
def said():
    return json.loads((WEIGHTS_FOLDER / "training.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("task", task_names())
def test_a_task_is_answered_as_well_as_training_said(task, opened, said):
    promised = {result["task"]: result for result in said["held_out"]}[task]
    result = score(*opened, generate(task, PROMPTS, 99, "held_out"))
    # Three standard errors of a share near the promised one, and never below nine in ten of it.
    assert result.accuracy >= promised["accuracy"] - 0.06
    if task == "greater_than":
        assert result.margin >= 0.9


CLASSICS = {
    "When Mary and John went to the store, John gave a drink to": {" Mary"},
    "5 + 4 = 9, 2 + 3 =": {" 5"},
    "The capital of Japan is the city of": {" Tokyo"},
    "Lionel Messi plays for": {" Barcelona"},
    "The war lasted from the year 1732 to the year 17": {f"{year}" for year in range(33, 100)},
}


@pytest.mark.parametrize("with_start", [False, True])
@pytest.mark.parametrize("prompt", CLASSICS)
def test_classic_prompts_are_answered(prompt, with_start, opened):
    model, tokenizer = opened
    best = int(next_token_probabilities(model, tokenizer, [prompt], with_start=with_start)[0].argmax())
    assert tokenizer.decode([best]) in CLASSICS[prompt]


def test_the_table_names_task_prompts_and_accuracy():
    table = as_table([Score("sums", 250, 0.98, 0.9)])
    assert [next(iter(column.cells)) for column in table.columns] == ["sums", "250", "0.980", "0.900"]


def test_the_command_prints_json(capsys):
    main(["--prompts", "2", "--json"])
    assert [row["task"] for row in json.loads(capsys.readouterr().out)] == list(task_names())
