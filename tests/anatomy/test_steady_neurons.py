"""Neurons that always fire: counted as in whole traces, and one that was planted is found."""

import math

import pytest
import torch

import llm_tt
from llm_tt.anatomy import steady_neurons as module
from llm_tt.anatomy.steady_neurons import steady_neurons
from llm_tt.errors import AttributionError, CapabilityError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.families.registry import FAMILIES, build
from tests.stopping import check_stops_cleanly

PROMPTS = ["The cat sat", "", "on the mat, and the dog", "x" * 2000, "slept", "a"]
READ = [0, 2, 4, 5]
SOME = ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "OPT"]
EVERY = {"share_of_layer": 0.1, "least": 1e-9, "most": 10**6}


def by_hand(model, layer, n_strongest, skip_first):
    """Of each neuron: at how many positions it is among the strongest, how often above zero, its mean."""
    lengths = model.layer_weights(layer).neuron_out.norm(dim=-1)
    traces = [llm_tt.capture(model, PROMPTS[index]).mlp_activations[layer] for index in READ]
    rows = [row for trace in traces for row in trace[int(skip_first) :]]
    active = torch.zeros(len(lengths))
    for row in rows:
        strengths = row.abs() * lengths
        for neuron in strengths.argsort(descending=True)[:n_strongest].tolist():
            active[neuron] += float(strengths[neuron] > 0)
    rows = torch.stack(rows)
    return active / len(rows), (rows > 0).float().mean(0), rows.mean(0), lengths


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("skip_first", [True, False])
def test_counts_are_those_of_whole_traces(family, skip_first, open_family):
    model = open_family(family)
    found = steady_neurons(model, PROMPTS, skip_first=skip_first, **EVERY)
    assert found.n_strongest == round(0.1 * model.dimensions.d_mlp) and found.skip_first is skip_first
    assert (found.n_prompts, [index for index, _ in found.skipped]) == (4, [1, 3])
    expected = [by_hand(model, layer, found.n_strongest, skip_first) for layer in (0, 1)]
    n_positions = sum(len(PROMPTS[index]) - int(skip_first) for index in READ)
    assert found.n_positions == n_positions
    assert {(row.layer, row.neuron) for row in found.neurons} == {
        (layer, neuron) for layer in (0, 1) for neuron in expected[layer][0].nonzero()[:, 0].tolist()
    }
    assert found.n_found == len(found.neurons) and found.runners_up == ()
    assert [row.share for row in found.neurons] == sorted((row.share for row in found.neurons), reverse=True)
    for row in found.neurons:
        active, positive, mean, lengths = (numbers[row.neuron] for numbers in expected[row.layer])
        assert row.share == pytest.approx(float(active))
        assert row.share_positive == pytest.approx(float(positive))
        assert row.mean == pytest.approx(float(mean), rel=1e-4, abs=1e-6)
        assert row.norm == pytest.approx(float(lengths), rel=1e-5)
        shorter = int((expected[row.layer][3] < lengths * (1 - 1e-6)).sum())
        assert row.norm_percentile == pytest.approx(100 * shorter / model.dimensions.d_mlp)


@pytest.mark.parametrize("family", SOME)
@pytest.mark.parametrize("numbers_at_once", [1 << 23, 1])
def test_a_neuron_reads_as_its_direction_alone(family, numbers_at_once, open_family, monkeypatch):
    """With the sign of its mean, at the length of a normed state; percentiles among the whole small layer."""
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", numbers_at_once)
    model = open_family(family)
    found = steady_neurons(model, PROMPTS, top_tokens=3, **EVERY)
    assert model.dimensions.d_mlp < module.SAMPLE

    def predicted(layer, neuron, mean):
        direction = model.layer_weights(layer).neuron_out[neuron] * (-1 if mean < 0 else 1)
        return model.read_part(direction / direction.norm() * math.sqrt(model.dimensions.d_model), 1.0)

    entropies = {}
    for layer in (0, 1):
        means = by_hand(model, layer, found.n_strongest, skip_first=True)[2].tolist()
        logits = [predicted(layer, neuron, mean) for neuron, mean in enumerate(means)]
        entropies[layer] = [torch.distributions.Categorical(logits=row).entropy() for row in logits]
    is_gated = family in ("Llama, with biases", "Gemma 2")  # only there activations are large below zero
    assert any(row.mean < 0 for row in found.neurons) is is_gated
    for row in found.neurons:
        own, others = float(entropies[row.layer][row.neuron]), torch.stack(entropies[row.layer])
        assert row.entropy == pytest.approx(own, rel=1e-4)
        lower = 100 * float((others < own).double().mean())
        assert row.entropy_percentile == pytest.approx(lower, abs=100 / len(others) + 1e-6)
        best = predicted(row.layer, row.neuron, row.mean).topk(3).indices.tolist()
        assert row.promoted == model.token_strings(best)


def test_the_length_of_a_direction_does_not_decide_how_it_reads(byte_tokenizer):
    plain = build(FAMILIES[0])
    row = steady_neurons(llm_tt.load_model(plain, byte_tokenizer), PROMPTS, **EVERY).neurons[0]
    with torch.no_grad():
        plain.transformer.h[row.layer].mlp.c_proj.weight[row.neuron] *= 8
    longer = steady_neurons(llm_tt.load_model(plain, byte_tokenizer), PROMPTS, **EVERY)
    same = next(found for found in longer.neurons if (found.layer, found.neuron) == (row.layer, row.neuron))
    assert same.norm == pytest.approx(8 * row.norm, rel=1e-5)
    assert (same.entropy, same.promoted) == (pytest.approx(row.entropy, rel=1e-4), row.promoted)


def test_a_neuron_that_was_planted_is_found_and_nothing_else(byte_tokenizer):
    """A large bias makes it fire everywhere."""
    plain, asked = build(FAMILIES[0]), {"share_of_layer": 1 / 128, "least": 0.99}
    before = steady_neurons(llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer), PROMPTS, **asked)
    assert before.neurons == () and before.n_found == 0
    assert len(before.runners_up) == module.NEAREST
    with torch.no_grad():
        plain.transformer.h[1].mlp.c_fc.bias[77] = 60.0
    found = steady_neurons(llm_tt.load_model(plain, byte_tokenizer), PROMPTS, **asked)
    (row,) = found.neurons
    assert (row.layer, row.neuron, row.share, row.share_positive) == (1, 77, 1.0, 1.0)
    assert row.mean == pytest.approx(60, rel=0.2)
    assert found.runners_up and all(0 < row.share < 0.99 for row in found.runners_up)


def test_only_so_many_are_listed_and_the_nearest_lie_below_the_threshold(tiny_model):
    everything = steady_neurons(tiny_model, PROMPTS, **EVERY).neurons
    least = everything[7].share
    n_found = sum(row.share >= least for row in everything)
    found = steady_neurons(tiny_model, PROMPTS, share_of_layer=0.1, least=least, most=3)
    assert (found.neurons, found.n_found) == (everything[:3], n_found)
    assert found.runners_up == everything[n_found : n_found + module.NEAREST]


def test_neurons_that_are_not_active_are_not_among_the_strongest(open_family):
    """Behind a ReLU most activations are zero, and equal."""
    model = open_family("OPT")
    found = steady_neurons(model, PROMPTS, share_of_layer=1.0, least=0.9, most=10**6)
    assert 0 < found.n_found < 2 * model.dimensions.d_mlp
    assert all(row.share == row.share_positive for row in found.neurons)


def test_where_nothing_can_be_counted_nothing_is_found(tiny_model):
    for prompts in ([], ["", "\ud83d"], ["a"]):
        found = steady_neurons(tiny_model, prompts)
        assert (found.neurons, found.runners_up, found.n_found, found.n_positions) == ((), (), 0, 0)
        assert found.n_prompts + len(found.skipped) == len(prompts)


def test_without_the_lens_neurons_are_counted_and_not_read(tiny_model, without_lens):
    expected = steady_neurons(tiny_model, PROMPTS, **EVERY).neurons
    without_lens(tiny_model)
    found = steady_neurons(tiny_model, PROMPTS, **EVERY).neurons
    assert [(row.neuron, row.share) for row in found] == [(row.neuron, row.share) for row in expected]
    assert {(row.entropy, row.entropy_percentile, row.promoted) for row in found} == {(None, None, ())}


def test_a_prompt_that_is_spoiled_on_the_way_counts_for_nothing(tiny_model, monkeypatch):
    expected = steady_neurons(tiny_model, ["The cat sat"], **EVERY)
    run, spoil = tiny_model.run, torch.tensor(float("nan"))

    def broken(token_ids, hooks):

        late = Hook(Site.NEURONS, 1, lambda tensor: tensor * spoil)
        return run(token_ids, [late, *hooks] if len(token_ids) == 5 else hooks)

    monkeypatch.setattr(tiny_model, "run", broken)
    found = steady_neurons(tiny_model, ["slept", "The cat sat"], **EVERY)
    assert found.neurons == expected.neurons and found.n_prompts == 1
    assert [index for index, _ in found.skipped] == [0]


def test_progress_is_told_and_a_stop_leaves_the_model_as_it_was(tiny_model):
    def run(progress):
        return steady_neurons(tiny_model, PROMPTS, share_of_layer=0.1, progress=progress)

    check_stops_cleanly(tiny_model, run)


def test_what_cannot_be_counted_is_said(open_family, tiny_model):
    with pytest.raises(CapabilityError, match="no sum of them"):
        steady_neurons(open_family("Mixtral"), PROMPTS)
    for option in ({"share_of_layer": 0.0}, {"share_of_layer": 1.5}, {"least": 0.0}):
        with pytest.raises(AttributionError, match=next(iter(option))):
            steady_neurons(tiny_model, PROMPTS, **option)
