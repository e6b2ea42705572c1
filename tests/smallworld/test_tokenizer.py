"""The shipped tokenizer."""

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from llm_tt.smallworld.model import WEIGHTS_FOLDER
from llm_tt.smallworld.prompts import MARK, SUBJECT_END, without_marks
from llm_tt.smallworld.tokenizer import FastEncoder
from llm_tt.smallworld.world import the_world


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json"))


@pytest.mark.parametrize(
    "text",
    [
        "When Mary and John went to the store, John gave a drink to",
        "  two spaces, a tab\t and\n\nnewlines\n",
        "emoji 😀👩‍👩‍👧 and Größe, naïve, 東京, العربية",
        "1732 2 33 444 5,555.5",
        "snake_case <b>html</b> \\ it's $10",
        "",
    ],
)
def test_any_text_comes_back(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_a_year_is_two_tokens_of_two_digits(tokenizer):
    assert tokenizer.encode("the year 1732").tokens[-2:] == ["Ġ17", "32"]


def test_names_and_places_are_single_tokens_with_and_without_a_space(tokenizer):
    world = the_world()
    words = [*world.names, *(country for country, _ in world.relations["continent"])]
    assert all(len(tokenizer.encode(text).ids) == 1 for word in words for text in (word, f" {word}"))


def test_transformers_opens_it_and_adds_nothing_by_itself(tokenizer):
    opened = AutoTokenizer.from_pretrained(WEIGHTS_FOLDER)
    text = "The capital of Japan is the city of"
    assert opened(text)["input_ids"] == tokenizer.encode(text).ids
    assert opened.bos_token == opened.eos_token == "<|endoftext|>"
    assert opened.bos_token_id == tokenizer.get_vocab_size() - 1
    assert len(opened) == tokenizer.get_vocab_size()


def test_the_training_encoder_cuts_as_the_tokenizer_does(tokenizer):
    encoder = FastEncoder(tokenizer)
    text = f"The war lasted from 1732 to 17{MARK}45. List: key, hat:{MARK} key.  Two, it's"
    found = encoder.encode(text)
    assert found.token_ids == tokenizer.encode(without_marks(text)).ids
    marked = [tokenizer.decode([i]) for i, mark in zip(found.token_ids, found.marked, strict=True) if mark]
    assert marked == ["45", " key"]


def test_what_stands_between_a_subject_and_its_answer_is_known(tokenizer):
    found = FastEncoder(tokenizer).encode(
        f"The capital of Japan{SUBJECT_END}, as{MARK} Tokyo. Japan{SUBJECT_END} is"
    )
    behind = zip(found.token_ids, found.behind_subject, strict=True)
    assert [tokenizer.decode([i]) for i, is_behind in behind if is_behind] == [",", " as", " is"]
