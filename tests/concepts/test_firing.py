"""Where a neuron fires, held against whole traces."""

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.concepts import firing as firing_module
from llm_tt.concepts.firing import activations_of, firing_of
from llm_tt.errors import CapabilityError, MemoryLimitError, TargetError

PROMPTS = ["The cat sat", "", "on the mat, and the dog", "x" * 2000, "slept"]
READ = [0, 2, 4]


def by_hand(model, layer, neuron):
    """(activation, prompt, position), in the order of the prompts."""
    found = []
    for index in READ:
        activations = llm_tt.capture(model, PROMPTS[index]).mlp_activations[layer, :, neuron]
        found += [(value, index, position) for position, value in enumerate(activations.tolist())]
    return found


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases"])
def test_places_are_those_of_the_traces(open_family, family):
    model = open_family(family)
    firing = firing_of(model, PROMPTS, 1, 7, top=5)
    found = by_hand(model, 1, 7)
    values = np.array([value for value, _, _ in found])
    expected = sorted(found, key=lambda place: -place[0])
    assert [(p.activation, p.prompt_index, p.position) for p in firing.places] == expected[:5]
    assert [(p.activation, p.prompt_index, p.position) for p in firing.lowest] == expected[::-1][:5]
    assert (firing.n_prompts, firing.n_positions) == (3, len(found))
    assert firing.share_positive == pytest.approx((values > 0).mean())
    assert firing.mean == pytest.approx(values.mean(), rel=1e-5)
    assert firing.largest == values.max()
    assert [index for index, _ in firing.skipped] == [1, 3]


def test_tokens_around_a_place(tiny_model):
    firing = firing_of(tiny_model, ["abcdefghijklmnopqrst"], 0, 0, top=100)
    letters = "abcdefghijklmnopqrst"
    assert len(firing.places) == len(letters)
    for place in firing.places:
        at = place.position
        assert place.token == letters[at]
        assert "".join(place.before) == letters[max(0, at - 8) : at]
        assert "".join(place.after) == letters[at + 1 : at + 5]


def test_equal_activations_keep_the_order_of_the_prompts(tiny_model):
    places = firing_of(tiny_model, ["same", "same", "same"], 0, 3, top=3).places
    assert [place.prompt_index for place in places] == [0, 1, 2]


def test_without_prompts_everything_is_zero(tiny_model):
    firing = firing_of(tiny_model, ["", "\ud83d"], 0, 0)
    assert firing.places == firing.lowest == () and firing.n_positions == 0
    assert (firing.share_positive, firing.mean, firing.largest) == (0, 0, 0)
    assert len(firing.skipped) == 2
    assert firing_of(tiny_model, [], 0, 0).skipped == ()


def test_a_layer_kept_answers_for_all_its_neurons_without_a_run(open_family, monkeypatch):
    model = open_family("Llama, with biases")
    told = []
    kept = activations_of(model, PROMPTS, 1, progress=told.append)
    expected = [firing_of(model, PROMPTS, 1, neuron, top=4) for neuron in (0, 5)]
    monkeypatch.setattr(model, "run", lambda *_: pytest.fail("a run"))
    assert told[-1] == 1 and kept.activations.dtype == np.float16
    for neuron, exact in zip((0, 5), expected, strict=True):
        firing = kept.firing_of(neuron, top=4)
        assert [p.token for p in firing.places] == [p.token for p in exact.places]
        assert [p.activation for p in firing.places] == pytest.approx(
            [p.activation for p in exact.places], rel=1e-3
        )
        assert firing.skipped == exact.skipped and firing.n_positions == exact.n_positions
        assert firing.mean == pytest.approx(exact.mean, rel=1e-2, abs=1e-4)


def test_of_each_prompt_only_the_one_neuron_is_kept(tiny_model, monkeypatch):
    kept, reading = [], firing_module._reading

    def seen(runs, skipped):
        kept.extend(runs)
        return reading(runs, skipped)

    monkeypatch.setattr(firing_module, "_reading", seen)
    firing_of(tiny_model, ["some words", "more of them"], 0, 3)
    for _, tokens, numbers in kept:
        assert numbers.flags.c_contiguous and torch.from_numpy(numbers).untyped_storage().nbytes() == (
            len(tokens) * numbers.itemsize
        )


def test_memory_that_becomes_free_on_the_way_is_no_surprise(tiny_model, monkeypatch):
    """What is free differs between counting the tokens and running them."""
    free = iter([1000])
    monkeypatch.setattr("llm_tt.tracing.memory._free_bytes", lambda device: next(free, 2**40))
    kept = activations_of(tiny_model, ["some words", "more"], 0)
    assert len(kept.activations) == len("more") and kept.firing_of(0).skipped[0][0] == 0
    free = iter([2**40, 1000])
    assert len(activations_of(tiny_model, ["some words", "more"], 0).activations) == len("some words")


def test_too_much_to_keep_is_refused_before_a_run(tiny_model, monkeypatch):
    monkeypatch.setattr(firing_module, "MOST_BYTES_KEPT", 2 * tiny_model.dimensions.d_mlp * 10)
    assert len(activations_of(tiny_model, ["x" * 10], 0).activations) == 10
    monkeypatch.setattr(tiny_model, "run", lambda *_: pytest.fail("a run"))
    with pytest.raises(MemoryLimitError, match="11 tokens"):
        activations_of(tiny_model, ["x" * 11], 0)


def test_activations_beyond_half_precision_stay_numbers(tiny_model, monkeypatch):
    monkeypatch.setattr(
        "llm_tt.tracing.prompt_runs._run", lambda *_: torch.full((1, tiny_model.dimensions.d_mlp), 1e6)
    )
    assert np.isfinite(activations_of(tiny_model, ["a"], 0).activations).all()


def test_what_is_not_there_is_refused(open_family, tiny_model):
    for layer, neuron in ((2, 0), (0, 10_000)):
        with pytest.raises(TargetError):
            firing_of(tiny_model, ["a"], layer, neuron)
    with pytest.raises(CapabilityError, match="no sum"):
        firing_of(open_family("Mixtral"), ["a"], 0, 0)
    with pytest.raises(CapabilityError):
        activations_of(open_family("Mixtral"), ["a"], 0)
