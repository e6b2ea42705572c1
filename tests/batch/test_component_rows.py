"""Totals of components, against sums written out; families with parallel blocks and shared keys included."""

import numpy as np
import pytest

import llm_tt
from llm_tt.attribution.method_list import WITH_TARGET
from llm_tt.batch.component_rows import ComponentTotals, edge_rows, head_rows, mlp_rows, neuron_rows
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.relations import KeyRelations

TEXT = "one two one three"
FAMILIES = ["GPT-2", "Llama, with biases", "GPT-J"]


@pytest.fixture(params=FAMILIES)
def traced(request, open_family):
    model = open_family(request.param)
    return model, llm_tt.capture(model, TEXT)


@pytest.mark.parametrize("method", WITH_TARGET)
def test_signed_totals_are_sums_over_positions(traced, method):
    model, trace = traced
    shares = llm_tt.attribute(model, trace, method, target_token=7)
    totals = ComponentTotals.of(shares, len(trace.prompt) - 1)
    for layer in range(trace.n_layers):
        for head in range(model.dimensions.n_heads):
            expected = sum(shares.attention[layer, head].flatten().tolist())
            assert totals.heads[layer, head] == pytest.approx(expected, abs=1e-6)
        assert totals.mlps[layer] == pytest.approx(sum(shares.mlp[layer].tolist()), abs=1e-6)


def test_totals_without_a_sign_are_what_flows_through_all_paths(traced):
    model, trace = traced
    position = len(trace.prompt) - 2
    shares = llm_tt.attribute(model, trace, "ifr")
    totals = ComponentTotals.of(shares, position)
    heads, mlps = np.zeros_like(totals.heads), np.zeros_like(totals.mlps)
    arriving = np.eye(len(trace.prompt))[position]  # how much of the target leaves each state, from above
    for layer in reversed(range(trace.n_layers)):
        if not shares.has_parallel_blocks:
            mlps[layer] = arriving @ shares.mlp[layer].numpy()
            arriving = arriving * (shares.mlp[layer] + shares.mlp_residual[layer]).numpy()
        else:
            mlps[layer] = arriving @ shares.mlp[layer].numpy()
        attention = shares.attention[layer].numpy()
        heads[layer] = np.einsum("q,hqk->h", arriving, attention)
        onward = (
            np.einsum("q,hqk->k", arriving, attention) + arriving * shares.attention_residual[layer].numpy()
        )
        arriving = onward + (arriving * shares.mlp[layer].numpy() if shares.has_parallel_blocks else 0)
    assert np.allclose(totals.heads, heads, atol=1e-5)
    assert np.allclose(totals.mlps, mlps, atol=1e-5)


def test_shares_of_heads_and_mlps_add_up_to_one_and_ranks_are_by_size(traced):
    model, trace = traced
    shares = llm_tt.attribute(model, trace, "relp", target_token=7)
    totals = ComponentTotals.of(shares, len(trace.prompt) - 1)
    relations = KeyRelations.of(trace.prompt.token_ids, len(trace.prompt) - 1)
    heads, mlps = head_rows(totals, trace, relations), mlp_rows(totals)
    assert heads["share"].sum() + mlps["share"].sum() == pytest.approx(1)
    for rows in (heads, mlps):
        by_size = sorted(range(len(rows["rank"])), key=lambda i: -abs(rows["contribution"][i]))
        assert [rows["rank"][i] for i in by_size] == list(range(1, len(by_size) + 1))
        assert (rows["sign"] == np.sign(rows["contribution"])).all()
    n_heads = model.dimensions.n_heads
    assert heads["component"][n_heads + 1] == "L1H1"
    assert heads["attends_previous"][n_heads + 1] == pytest.approx(
        sum(float(trace.patterns[1][1, query, query - 1]) for query in range(2, len(trace.prompt)))
        / (len(trace.prompt) - 2)
    )


def test_the_strongest_neurons_are_those_of_all(traced):
    model, trace = traced
    shares = llm_tt.attribute(model, trace, "gradact", target_token=7)
    totals = ComponentTotals.of(shares, len(trace.prompt) - 1)
    rows = neuron_rows(model, trace, shares, totals, BatchOptions(neurons=5))
    sums = {}
    for layer in range(trace.n_layers):
        each = [
            llm_tt.attribute_neurons(model, trace, shares, layer=layer, position=position).neurons
            for position in range(len(trace.prompt))
        ]
        for neuron, value in enumerate(sum(each).tolist()):
            sums[f"L{layer}N{neuron}"] = value
    strongest = sorted(sums, key=lambda name: -abs(sums[name]))[:5]
    assert rows["component"] == strongest
    assert rows["contribution"] == pytest.approx([sums[name] for name in strongest], rel=1e-3)


def test_models_and_methods_without_neurons_have_no_rows_of_them(open_family, traced):
    model, trace = traced
    shares = llm_tt.attribute(model, trace, "ifr")
    totals = ComponentTotals.of(shares, len(trace.prompt) - 1)
    assert neuron_rows(model, trace, shares, totals, BatchOptions()) is None
    mixture = open_family("Mixtral")
    trace = llm_tt.capture(mixture, TEXT)
    shares = llm_tt.attribute(mixture, trace, "relp", target_token=7)
    assert neuron_rows(mixture, trace, shares, totals, BatchOptions()) is None


def test_messages_are_the_strongest_of_the_graph(traced):
    model, trace = traced
    shares = llm_tt.attribute(model, trace, "relp", target_token=7)
    totals = ComponentTotals.of(shares, len(trace.prompt) - 1)
    relations = KeyRelations.of(trace.prompt.token_ids, len(trace.prompt) - 1)
    graph = llm_tt.build_graph(shares).prune(density=0.3)
    every = edge_rows(graph, totals, relations, BatchOptions(edges=10_000))
    kept = {
        f"L{layer}H{head}@{key}-{query}": float(weight)
        for layer, head, key, query, weight in zip(
            graph.layer, graph.head, graph.key, graph.query, graph.weight, strict=True
        )
        if head >= 0
    }
    assert dict(zip(every["component"], every["contribution"].tolist(), strict=True)) == kept
    few = edge_rows(graph, totals, relations, BatchOptions(edges=4))
    survival = dict(zip(every["component"], graph.survival[graph.head >= 0].tolist(), strict=True))
    least = min(survival[name] for name in few["component"])
    assert len(few["component"]) == 4
    assert all(survival[name] <= least for name in set(kept) - set(few["component"]))
    assert edge_rows(graph, totals, relations, BatchOptions(edges=0)) is None
