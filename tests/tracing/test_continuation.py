"""Writing on: greedy, token by token, to the end of the text or of the context."""

import pytest
import torch

import llm_tt
from llm_tt.errors import PromptError
from tests.stopping import check_stops_cleanly, shares_told


@pytest.fixture(scope="module")
def small_world():
    return llm_tt.load_model("small-world")


class Scripted:
    """A model that says what it is told to say."""

    def __init__(self, model, says):
        self._model, self._says = model, list(says)

    def __getattr__(self, name):
        return getattr(self._model, name)

    def run(self, token_ids, hooks=()):
        """The next word of the script."""
        logits = torch.zeros(len(token_ids), self._model.dimensions.d_vocab)
        logits[-1, self._says.pop(0)] = 1.0
        return logits


def test_each_token_is_the_models_own_prediction(small_world):
    prompt = small_world.tokenize("The capital of Japan is the city of")
    found = llm_tt.continue_prompt(small_world, prompt, 4)
    expected = list(prompt.token_ids)
    with torch.no_grad():
        for _ in range(4):
            expected.append(int(small_world.run(expected)[-1].argmax()))
    assert found.token_ids == tuple(expected)
    assert found.text.startswith(prompt.text + " Tokyo")
    assert found == small_world.tokenize(found.text)


def test_it_ends_with_the_text(tiny_model):
    (end,) = tiny_model.end_tokens
    a, b = tiny_model.tokenize("ab").token_ids
    prompt = tiny_model.tokenize("begin ")
    told = []
    model = Scripted(tiny_model, [a, b, end, a])
    assert llm_tt.continue_prompt(model, prompt, 10, told.append).text == "begin ab"
    assert told == [1.0]
    assert llm_tt.continue_prompt(Scripted(tiny_model, [end]), prompt, 10) == prompt


def test_it_ends_with_the_context(tiny_model):
    longest = tiny_model.dimensions.n_context
    (a,) = tiny_model.tokenize("a").token_ids
    prompt = tiny_model.tokenize("x" * (longest - 2))
    found = llm_tt.continue_prompt(Scripted(tiny_model, [a] * 9), prompt, 9)
    assert found.text == prompt.text + "aa"
    full = tiny_model.tokenize("x" * longest)
    assert llm_tt.continue_prompt(tiny_model, full, 3) == full


def test_text_that_splits_into_more_tokens_is_cut_to_the_context(tiny_model):
    """Half a character becomes a replacement character, which is three tokens of one byte each."""
    longest = tiny_model.dimensions.n_context
    half = tiny_model.tokenize("é").token_ids[0]
    (a,) = tiny_model.tokenize("a").token_ids
    prompt = tiny_model.tokenize("x" * (longest - 2))
    found = llm_tt.continue_prompt(Scripted(tiny_model, [a, half]), prompt, 2)
    assert found.text == prompt.text + "a"
    room = tiny_model.tokenize("x")
    assert llm_tt.continue_prompt(Scripted(tiny_model, [a, half]), room, 2).text == "xa\ufffd"


def test_progress_and_stopping(tiny_model):
    prompt = tiny_model.tokenize("Some words")
    run = lambda progress: llm_tt.continue_prompt(tiny_model, prompt, 3, progress)  # noqa: E731
    assert shares_told(run) == pytest.approx([call / 6 for call in range(1, 7)])  # three runs of two layers
    check_stops_cleanly(tiny_model, run)


def test_what_cannot_be_continued_is_said(tiny_model):
    with pytest.raises(PromptError, match="empty"):
        llm_tt.continue_prompt(tiny_model, tiny_model.tokenize(""), 3)
    with pytest.raises(ValueError, match="at least 1; got 0"):
        llm_tt.continue_prompt(tiny_model, tiny_model.tokenize("a"), 0)
