"""The prompts: the same for the same seed, well formed, and held out by construction."""

import pytest
from tokenizers import Tokenizer

from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.model import WEIGHTS_FOLDER

SPLITS = ("train", "held_out")
PROMPTS = 80


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json"))


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("task", task_names())
def test_a_seed_fixes_the_prompts_and_another_seed_changes_them(task, split):
    assert generate(task, 20, 3, split) == generate(task, 20, 3, split)
    assert generate(task, 20, 3, split) != generate(task, 20, 4, split)


@pytest.mark.parametrize("task", task_names())
def test_held_out_prompts_are_never_training_prompts(task):
    trained = {asked.prompt for asked in generate(task, 1_000, 1, "train")}
    assert not trained & {asked.prompt for asked in generate(task, 200, 2, "held_out")}


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("task", task_names())
def test_answers_are_single_tokens_at_the_place_where_they_stand(task, split, tokenizer):
    for asked in generate(task, PROMPTS, 5, split):
        before = tokenizer.encode(asked.prompt).ids
        for answer in {asked.answer, asked.contrast, asked.corrupted_answer, *asked.right_answers[:5]}:
            after = tokenizer.encode(asked.prompt + answer).ids
            assert after[:-1] == before, (asked.prompt, answer)
            assert [after[-1]] == tokenizer.encode(answer).ids


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("task", task_names())
def test_the_corrupted_prompt_is_as_long_and_has_another_answer(task, split, tokenizer):
    for asked in generate(task, PROMPTS, 6, split):
        assert asked.corrupted != asked.prompt
        assert len(tokenizer.encode(asked.corrupted).ids) == len(tokenizer.encode(asked.prompt).ids), asked
        assert asked.corrupted_answer != asked.answer
        assert asked.contrast not in asked.right_answers


def test_an_unknown_task_or_split_is_said():
    with pytest.raises(ValueError, match="no task 'chess'"):
        generate("chess", 1, 0)
    with pytest.raises((ValueError, TypeError)):  # a checker of types may be faster than we are
        generate("sums", 1, 0, "test")  # type: ignore[arg-type]
