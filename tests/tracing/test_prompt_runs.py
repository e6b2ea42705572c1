"""Runs that end at the layer that was asked for."""

import pytest
import torch

import llm_tt
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.tracing import prompt_runs
from llm_tt.tracing.progress import silent
from llm_tt.tracing.prompt_runs import (
    PromptReading,
    PromptRun,
    SkippedPrompt,
    layer_readings,
    neuron_runs,
    positions_of,
)
from tests.stopping import check_stops_cleanly

LONG = "x" * 2000
PROMPTS = ["one", "", "three words here", LONG, "\ud83d", "last"]


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 3", "OPT"])
@pytest.mark.parametrize("layer", [0, 1])
def test_activations_are_those_of_a_trace(open_family, family, layer):
    model = open_family(family)
    (run,) = neuron_runs(model, ["some words"], layer, silent)
    trace = llm_tt.capture(model, "some words")
    assert torch.equal(run.activations, trace.mlp_activations[layer])
    assert run.tokens == trace.prompt.token_strings


def test_a_run_leaves_the_model_as_it_was(tiny_model):
    before = tiny_model.run([1, 2, 3])
    list(neuron_runs(tiny_model, ["abc"], 0, silent))
    assert torch.equal(tiny_model.run([1, 2, 3]), before)


def test_later_layers_are_not_run(tiny_model, monkeypatch):
    seen = []
    run = tiny_model.run

    def watched(token_ids, hooks):
        return run(token_ids, [Hook(Site.RESID_PRE, 1, lambda _: seen.append(1)), *hooks])

    monkeypatch.setattr(tiny_model, "run", watched)
    list(neuron_runs(tiny_model, ["abc"], 0, silent))
    assert not seen
    list(neuron_runs(tiny_model, ["abc"], 1, silent))
    assert seen


def test_what_cannot_be_read_is_skipped_with_its_reason(tiny_model):
    found = list(neuron_runs(tiny_model, PROMPTS, 0, silent))
    assert [type(run) for run in found] == [
        *(PromptRun, SkippedPrompt, PromptRun, SkippedPrompt, SkippedPrompt, PromptRun)
    ]
    assert [run.index for run in found] == list(range(6))
    assert "empty" in found[1].reason and "2,000 tokens" in found[3].reason and "half" in found[4].reason
    assert positions_of(tiny_model, PROMPTS) == len("one") + len("three words here") + len("last")


def test_a_prompt_beyond_the_memory_is_skipped(tiny_model, monkeypatch):
    monkeypatch.setattr("llm_tt.tracing.memory._free_bytes", lambda device: 1000)
    (found,) = neuron_runs(tiny_model, ["some words"], 0, silent)
    assert "memory" in found.reason


def test_numbers_that_are_none_are_no_activations(tiny_model, monkeypatch):
    monkeypatch.setattr(prompt_runs, "_run", lambda *_: torch.tensor([[float("nan")]]))
    (found,) = neuron_runs(tiny_model, ["a"], 0, silent)
    assert "finite" in found.reason


def test_progress_is_told_and_may_stop(tiny_model):
    told = []
    list(neuron_runs(tiny_model, PROMPTS, 0, told.append))
    assert told == pytest.approx([n / 6 for n in range(1, 7)])
    list(neuron_runs(tiny_model, [], 0, told.append))
    assert told[-1] == 1

    class StoppedError(Exception):
        """A person pressed stop."""

    def stop(share):
        raise StoppedError

    with pytest.raises(StoppedError):
        list(neuron_runs(tiny_model, PROMPTS, 0, stop))
    assert tiny_model.run([1, 2]) is not None


def whole(layer, activations):
    """Everything, as a copy."""
    return layer, activations.clone()


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 3", "OPT"])
def test_all_layers_are_read_in_one_run(open_family, family, monkeypatch):
    model, runs = open_family(family), []
    run = model.run
    trace = llm_tt.capture(model, "some words")
    monkeypatch.setattr(model, "run", lambda *given: runs.append(given) or run(*given))
    (found,) = layer_readings(model, ["some words"], whole, silent)
    assert found.tokens == trace.prompt.token_strings and len(runs) == 1
    assert [layer for layer, _ in found.layers] == [0, 1]
    for layer, activations in found.layers:
        assert torch.equal(activations, trace.mlp_activations[layer])


def test_behind_the_last_neurons_nothing_is_run(tiny_model, monkeypatch):
    seen, run = [], tiny_model.run

    def watched(token_ids, hooks):
        return run(token_ids, [Hook(Site.MLP_OUT, 1, lambda _: seen.append(1)), *hooks])

    monkeypatch.setattr(tiny_model, "run", watched)
    list(layer_readings(tiny_model, ["abc"], whole, silent))
    assert not seen


def test_what_cannot_be_read_of_all_layers_is_skipped_as_well(tiny_model, monkeypatch):
    found = list(layer_readings(tiny_model, PROMPTS, whole, silent))
    kinds = (PromptReading, SkippedPrompt, PromptReading, SkippedPrompt, SkippedPrompt, PromptReading)
    assert tuple(map(type, found)) == kinds and [run.index for run in found] == list(range(6))
    assert "empty" in found[1].reason and "2,000 tokens" in found[3].reason

    run = tiny_model.run

    def broken(token_ids, hooks):
        spoil = Hook(Site.NEURONS, 1, lambda tensor: tensor * float("nan"))
        return run(token_ids, [spoil, *hooks] if len(token_ids) == 3 else hooks)

    monkeypatch.setattr(tiny_model, "run", broken)
    spoiled, read = layer_readings(tiny_model, ["abc", "abcd"], whole, silent)
    assert "finite" in spoiled.reason and len(read.layers) == 2


def test_readings_may_be_stopped_at_every_layer(tiny_model):
    def run(progress):
        return list(layer_readings(tiny_model, ["one", "", "two"], whole, progress))

    told = []
    run(told.append)
    assert told == pytest.approx([1 / 6, 1 / 3, 2 / 3, 5 / 6, 1])
    assert list(layer_readings(tiny_model, [], whole, told.append)) == [] and told[-1] == 1
    check_stops_cleanly(tiny_model, run)
