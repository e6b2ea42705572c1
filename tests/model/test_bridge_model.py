"""Running a model: hooks, gradients, threads."""

import threading

import pytest
import torch
from torch.testing import assert_close

from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from tests.families.registry import FAMILIES

TOKENS = (5, 9, 2, 7, 40, 3, 200)


@torch.no_grad()
def test_a_hook_that_returns_none_changes_nothing(tiny_model):
    plain = tiny_model.run(TOKENS)
    assert_close(tiny_model.run(TOKENS, [Hook(Site.HEAD_MIX, 0, lambda mix: None)]), plain, rtol=0, atol=0)


@torch.no_grad()
def test_an_edit_reaches_the_prediction_and_leaves_no_trace(tiny_model):
    plain = tiny_model.run(TOKENS)
    edited = tiny_model.run(TOKENS, [Hook(Site.MLP_OUT, 1, torch.zeros_like)])
    assert (edited - plain).abs().max() > 0.1
    assert_close(tiny_model.run(TOKENS), plain, rtol=0, atol=0)


@torch.no_grad()
def test_an_error_in_a_hook_leaves_no_hook_behind(tiny_model):
    plain = tiny_model.run(TOKENS)

    def fail(_: torch.Tensor) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tiny_model.run(TOKENS, [Hook(Site.MLP_OUT, 0, torch.zeros_like), Hook(Site.MLP_OUT, 1, fail)])
    assert_close(tiny_model.run(TOKENS), plain, rtol=0, atol=0)


def test_gradients_flow_when_the_caller_wants_them(tiny_model):
    states: list[torch.Tensor] = []

    def follow(state: torch.Tensor) -> torch.Tensor:
        states.append(state.detach().requires_grad_())
        return states[0]

    with torch.enable_grad():
        tiny_model.run(TOKENS, [Hook(Site.RESID_PRE, 0, follow)])[-1, 3].backward()
    assert states[0].grad is not None
    assert states[0].grad.abs().sum() > 0


@torch.no_grad()
def test_threads_with_different_hooks_do_not_disturb_each_other(tiny_model):
    """One shared model, one thread that edits and one that does not; without the lock most runs go wrong."""
    plain = tiny_model.run(TOKENS)
    silenced = [Hook(Site.MLP_OUT, 0, torch.zeros_like)]
    edited = tiny_model.run(TOKENS, silenced)
    wrong: list[str] = []

    def repeat(name: str, hooks: list[Hook], expected: torch.Tensor) -> None:
        for _ in range(60):
            with torch.no_grad():  # a new thread starts with gradients on
                if not torch.equal(tiny_model.run(TOKENS, hooks), expected):
                    wrong.append(name)

    threads = [
        threading.Thread(target=repeat, args=("plain", [], plain)),
        threading.Thread(target=repeat, args=("edited", silenced, edited)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_lock_can_be_held_around_several_runs(tiny_model):
    """A generation holds the lock for all its runs: another thread waits, the holder does not."""
    waited = threading.Event()

    def other() -> None:
        tiny_model.run(TOKENS)
        waited.set()

    with tiny_model.lock:
        thread = threading.Thread(target=other)
        thread.start()
        tiny_model.run(TOKENS)
        assert not waited.wait(0.2)
    thread.join()
    assert waited.is_set()


@torch.no_grad()
def test_reading_out_takes_any_number_of_states(tiny_model, grouped_model):
    for model in (tiny_model, grouped_model):
        states = torch.randn(2, 3, model.dimensions.d_model)
        logits = model.read_out(states)
        assert logits.shape == (2, 3, model.dimensions.d_vocab)
        assert_close(model.read_out(states[1, 2]), logits[1, 2])


def test_the_adapter_keeps_the_protocol(tiny_model):
    assert isinstance(tiny_model, LanguageModel)


def test_copies_are_equal_and_hooks_see_them_as_the_first_axis(tiny_model):
    seen = []
    hook = Hook(Site.MLP_OUT, 0, lambda tensor: seen.append(tuple(tensor.shape)))
    with torch.no_grad():
        alone = tiny_model.run([1, 2, 3])
        copies = tiny_model.run_copies([1, 2, 3], 4, [hook])
    assert seen == [(4, 3, tiny_model.dimensions.d_model)]
    assert copies.shape == (4, *alone.shape)
    for copy in copies:
        torch.testing.assert_close(copy, alone)


def test_tokens_as_text_and_where_texts_end(tiny_model):
    assert tiny_model.text_of(tiny_model.tokenize("as it was ,").token_ids) == "as it was ,"
    assert tiny_model.end_tokens == {tiny_model.tokenize("<|endoftext|>").token_ids[0]}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@torch.no_grad()
def test_in_steps_with_what_is_kept_it_is_the_same_run(family, open_family):
    """Longer than any window; hooks see the new positions, and the last keys of a pattern."""
    model = open_family(family.name)
    tokens = (*TOKENS, *TOKENS)
    plain = model.run(tokens)
    seen, found, past = [], [], None
    watch = [
        Hook(Site.HEAD_MIX, 1, lambda mixed: seen.append(mixed.shape[1])),
        Hook(Site.PATTERN, 1, lambda pattern: seen.append(pattern.shape[-2:])),
    ]
    for step in (tokens[:9], tokens[9:10], tokens[10:11], tokens[11:14]):
        logits, past = model.run_cached(step, past, watch)
        found.append(logits)
        n_before = sum(map(len, found[:-1]))
        new, (queries, keys) = sorted(seen, key=lambda shape: not isinstance(shape, int))
        assert new == queries == len(step)
        assert keys <= n_before + new
        seen.clear()
    assert_close(torch.cat(found), plain, atol=2e-5, rtol=1e-4)
    assert torch.equal(model.run(tokens), plain)
    assert not seen, "no hook stays"


def test_rows_do_not_see_each_other(tiny_model):
    rows = [(1, 2, 3), (9, 8, 7)]
    with torch.no_grad():
        together = tiny_model.run_rows(rows)
        for row, found in zip(rows, together, strict=True):
            torch.testing.assert_close(found, tiny_model.run(row))
