"""An entry in a model's tokens: ids, positions, and what it explains."""

import pytest

import llm_tt
from llm_tt.batch.asked import EntryInTokens
from llm_tt.batch.entries import Entry
from llm_tt.batch.options import BatchOptions
from llm_tt.errors import PromptError, TargetError

PROMPT = "When Mary and John went to the store, John gave a drink to"
OPTIONS = BatchOptions()


def token_id(model, text):
    (found,) = model.tokenize(text).token_ids
    return found


def test_every_token_that_it_names_is_looked_up(small_world):
    entry = Entry(1, PROMPT, " Mary", " John", subject="John", accepted=(" Mary", 9))
    asked = EntryInTokens.of(small_world, entry, OPTIONS)
    mary, john = token_id(small_world, " Mary"), token_id(small_world, " John")
    assert (asked.answer, asked.foil, asked.right, asked.subject) == (mary, john, (mary, 9), (3,))
    assert EntryInTokens.of(small_world, Entry(1, PROMPT, " Mary"), OPTIONS).right == (mary,)
    assert EntryInTokens.of(small_world, Entry(1, PROMPT), OPTIONS).right == ()


@pytest.mark.parametrize(
    ("entry", "options", "token", "contrast"),
    [
        (Entry(1, PROMPT, " John", " Tom"), OPTIONS, " John", " Tom"),
        (Entry(1, PROMPT, " John", " Tom"), BatchOptions(contrast="none"), " John", None),
        (Entry(1, PROMPT, " John", " Tom"), BatchOptions(target="prediction"), " Mary", None),
        (
            Entry(1, PROMPT, " John", " Tom"),
            BatchOptions(target="prediction", contrast="foil"),
            " Mary",
            " Tom",
        ),
        (Entry(1, PROMPT, foil=" Tom"), OPTIONS, " Mary", None),
        (Entry(1, PROMPT, foil=" Tom"), BatchOptions(contrast="foil"), " Mary", " Tom"),
    ],
)
def test_what_is_explained(small_world, entry, options, token, contrast):
    trace = llm_tt.capture(small_world, PROMPT)
    target = EntryInTokens.of(small_world, entry, options).target(small_world, trace, options)
    assert target.token_id == token_id(small_world, token)
    assert target.contrast_id == (None if contrast is None else token_id(small_world, contrast))
    assert target.position == len(trace.prompt) - 1


@pytest.mark.parametrize(
    ("entry", "options", "error"),
    [
        (Entry(1, ""), OPTIONS, PromptError),
        (Entry(1, "word " * 300), OPTIONS, PromptError),
        (Entry(1, PROMPT, subject="Anne"), OPTIONS, PromptError),
        (Entry(1, PROMPT, " two tokens"), OPTIONS, TargetError),
        (Entry(1, PROMPT, " Mary", " two tokens"), OPTIONS, TargetError),
        (Entry(1, PROMPT, " Mary", accepted=(" Mary", " two tokens")), OPTIONS, TargetError),
        (Entry(1, PROMPT), BatchOptions(target="answer"), TargetError),
        (Entry(1, PROMPT, " Mary"), BatchOptions(contrast="foil"), TargetError),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_run(small_world, entry, options, error):
    with pytest.raises(error):
        EntryInTokens.of(small_world, entry, options)
