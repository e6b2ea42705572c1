"""The mean is the mean, is taken once for a model, and can be taken over texts of one's own."""

import gc

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.baseline import baseline_of, is_known, mean_baseline
from llm_tt.errors import AttributionError
from tests.conftest import BY_NAME
from tests.families.registry import build
from tests.stopping import Stopped


def test_means_over_all_positions_of_all_texts(grouped_model):
    texts = ["one text", "and another one"]
    traces = [llm_tt.capture(grouped_model, text) for text in texts]
    found = mean_baseline(grouped_model, texts)
    assert_close(found.values, torch.cat([trace.values for trace in traces], dim=1).mean(1))
    assert_close(found.mlp_out, torch.cat([trace.mlp_out for trace in traces], dim=1).mean(1))
    assert_close(found.neurons, torch.cat([trace.mlp_activations for trace in traces], dim=1).mean(1))


def test_neurons_sum_to_the_mean_of_the_mlp(open_family):
    model = open_family("Gemma 2")  # a norm behind the MLP, no bias
    usual = baseline_of(model, "mean")
    for layer in range(2):
        total = usual.neurons[layer] @ model.layer_weights(layer).neuron_out
        assert_close(total, usual.mlp_out[layer], atol=1e-5, rtol=1e-4)


def test_it_is_taken_once_and_forgotten_with_the_model(byte_tokenizer):
    from llm_tt.attribution import baseline
    from tests.conftest import BY_NAME
    from tests.families.registry import build

    model = llm_tt.load_model(build(BY_NAME["GPT-2"]), byte_tokenizer)
    first = baseline_of(model, "mean")
    assert baseline_of(model, "mean") is first
    assert baseline_of(model, first) is first
    gc.collect()  # a bridge and its hooks refer to each other, also those of other tests
    known = len(baseline._kept)
    del model, first
    gc.collect()
    assert len(baseline._kept) == known - 1


def test_zero_is_zero_and_takes_no_memory(tiny_model):
    zero = baseline_of(tiny_model, "zero")
    assert zero.values.shape == baseline_of(tiny_model, "mean").values.shape
    assert not zero.values.any()
    assert not zero.mlp_out.any()
    assert zero.values.untyped_storage().nbytes() == 4


def test_a_mixture_of_experts_has_no_neurons(open_family):
    model = open_family("Mixtral")
    assert baseline_of(model, "mean").neurons is None
    assert baseline_of(model, "zero").neurons is None


def test_texts_longer_than_the_context_are_cut(tiny_model):
    longest = tiny_model.dimensions.n_context
    assert_close(
        mean_baseline(tiny_model, ["x" * (longest + 5)]).mlp_out,
        mean_baseline(tiny_model, ["x" * longest]).mlp_out,
    )


def test_no_text_is_an_error(tiny_model):
    with pytest.raises(AttributionError, match="There is no text"):
        mean_baseline(tiny_model, [])


def test_an_unknown_name_is_an_error(tiny_model):
    with pytest.raises(AttributionError, match='Baselines are "mean"'):
        baseline_of(tiny_model, "median")


def test_a_mean_that_is_stopped_is_not_kept(byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["GPT-2"]), byte_tokenizer)

    def stop(share: float) -> None:
        if share > 0.4:
            raise Stopped

    with pytest.raises(Stopped):
        baseline_of(model, "mean", stop)
    assert not is_known(model, "mean")
    assert is_known(model, "zero")
    told = []
    mean = baseline_of(model, "mean", told.append)
    assert told == [pytest.approx(text / 12) for text in range(1, 13)]
    assert is_known(model, "mean")
    assert is_known(model, mean)


def test_activations_are_means_before_any_norm(open_family):
    model = open_family("Gemma 2")
    usual = mean_baseline(model, ["one text"])
    trace = llm_tt.capture(model, "one text")
    assert_close(usual.activations, trace.mlp_activations.mean(1))
    assert (usual.activations - usual.neurons).abs().max() > 1e-3
    assert baseline_of(open_family("Mixtral"), "mean").activations is None
