"""An anatomy is true: sums close in every family, whatever is shown, and nodes are the pass's own parts."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy.circuit_directions import NORMED, ROTARY, UNREADABLE
from llm_tt.anatomy.measures import MEASURES, Numbers
from llm_tt.anatomy.mlp_block import GATED
from llm_tt.anatomy.node_kinds import OTHERS, NodeKind
from llm_tt.attribution.target import Target
from llm_tt.errors import CapabilityError, GraphError, TargetError
from llm_tt.lens.neuron_reading import neuron_input_tokens
from llm_tt.lens.target_direction import target_direction
from llm_tt.lens.written import written_by
from llm_tt.model.check_up import Capability
from tests.anatomy.sums import flow_error, kinds, sum_error
from tests.families.registry import FAMILIES

TEXT = "An anatomy, as é."
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
FEW = Numbers(heads=2, keys=2, outputs=3, neurons=2)


def anatomy_of(model, layers=(0, 1), **options):
    return llm_tt.anatomy.flow(model, llm_tt.capture(model, TEXT), layers, **options)


@every_family
def test_sums_close_in_every_family(family, open_double):
    model = open_double(family.name)
    for measure in MEASURES:
        graph = anatomy_of(model, measure=measure, numbers=FEW)
        assert graph.has_parallel_blocks is family.parallel
        assert sum_error(graph) < 1e-12
        assert flow_error(graph) < 1e-12


@pytest.mark.parametrize(
    "numbers",
    [Numbers(1, 1, 0, 1), Numbers(4, 99, 0, 99), Numbers(4, 3, 99, 5), Numbers(99, 99, 999, 999)],
)
@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "GPT-J", "Gemma 2", "Mixtral"])
def test_sums_close_whatever_is_shown(family, numbers, open_double):
    graph = anatomy_of(open_double(family), numbers=numbers)
    assert sum_error(graph) < 1e-12
    assert flow_error(graph) < 1e-12


def test_with_everything_shown_nothing_is_left_over(tiny_model):
    graph = anatomy_of(tiny_model, numbers=Numbers(99, 99, 999, 999))
    assert not OTHERS & set(kinds(graph))


def test_what_is_not_shown_is_counted(tiny_model):
    graph = anatomy_of(tiny_model, layers=1, numbers=Numbers(heads=1, keys=2, outputs=3, neurons=4))
    sizes, counts = tiny_model.dimensions, dict(zip(kinds(graph), graph.nodes.count.tolist(), strict=True))
    n_neurons = kinds(graph).count(NodeKind.NEURON)
    assert counts[NodeKind.OTHER_HEADS] == sizes.n_heads - 1
    assert counts[NodeKind.OTHER_KEYS] == len(graph.prompt) - 2
    assert counts[NodeKind.OTHER_OUTPUTS] == sizes.d_head - 3
    assert counts[NodeKind.OTHER_NEURONS] == sizes.d_mlp - n_neurons
    assert n_neurons == 8


@every_family
def test_nodes_are_the_passes_own_parts(family, open_double):
    model = open_double(family.name)
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1, numbers=FEW)
    direction = target_direction(model, trace, graph.target)
    for place, node in enumerate(graph.nodes.what):
        if node.part is None or node.kind in (NodeKind.KEY, NodeKind.NEURON_IN):
            continue
        expected = written_by(model, trace, node.part)
        assert_close(torch.tensor(graph.nodes.vectors[place]), expected, atol=1e-11, rtol=1e-11)
        assert graph.nodes.contribution[place] == pytest.approx(float(expected @ direction), abs=1e-10)
        assert graph.nodes.norm[place] == pytest.approx(float(expected.norm()), abs=1e-10)


@pytest.mark.parametrize("family", ["GPT-2", "Llama, with biases", "Gemma 2", "OLMo 2"])
def test_directions_are_read_in_scores_and_inputs(family, open_double):
    """Queries as the model scores keys; neurons as on their cards, divided as tokens are on average."""
    model = open_double(family)
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1, position=6, numbers=FEW, top=4)
    inputs, tokens = model.head_inputs(1), model.embedding()
    usual = float(model.block_norms(1).mlp.divisor(tokens).mean())
    for place, node in enumerate(graph.nodes.what):
        found = (graph.nodes.promoted_by[place], graph.nodes.suppressed_by[place])
        if node.kind is NodeKind.QUERY:
            direction = torch.tensor(graph.nodes.vectors[place])
            scores = inputs.bend((tokens / inputs.divisor(tokens)) @ direction)
            expected = (scores.topk(4).values, -(-scores).topk(4).values)
            assert graph.nodes.rank[place] == 1 + int((scores > scores[graph.target.token_id]).sum())
        elif node.kind is NodeKind.NEURON_IN:
            said = neuron_input_tokens(model, 1, node.neuron, top=4).activated
            assert tuple(graph.nodes.promoted[place]) == said.excites.token_ids
            assert tuple(graph.nodes.suppressed[place]) == said.inhibits.token_ids
            expected = (torch.tensor(end.changes) / usual for end in (said.excites, said.inhibits))
        else:
            continue
        for numbers, known in zip(found, expected, strict=True):
            assert numbers == pytest.approx(known.numpy(), rel=1e-5)


def test_attention_of_a_head_adds_up_to_one(tiny_model):
    graph = anatomy_of(tiny_model, measure="attention", numbers=FEW)
    for place, kind in enumerate(kinds(graph)):
        entering = graph.edges.target == place
        if kind is NodeKind.HEAD:
            assert graph.edges.attention[entering].sum() == pytest.approx(1, abs=1e-6)
        if kind not in (NodeKind.HEAD, NodeKind.KEY, NodeKind.VALUE, NodeKind.OTHER_KEYS):
            assert np.isnan(graph.edges.attention[entering]).all()


@pytest.mark.parametrize(
    "edits",
    [
        [llm_tt.Ablate.head(1, 2)],
        [llm_tt.Ablate.mlp(1)],
        [llm_tt.Scale.mlp(1, 0.5), llm_tt.Scale.head(1, 0, 2.0)],
        [llm_tt.SetNeuron(1, 3, 4.0)],
    ],
    ids=str,
)
def test_edited_passes_close_too(tiny_model, edits):
    trace = llm_tt.run_with_edits(tiny_model, TEXT, edits)
    graph = llm_tt.anatomy.flow(tiny_model, trace, [0, 1], numbers=FEW)
    assert sum_error(graph) < 1e-5
    assert flow_error(graph) < 1e-5


def test_a_later_layer_begins_where_the_one_before_ends(tiny_model):
    graph = anatomy_of(tiny_model)
    assert kinds(graph).count(NodeKind.INPUT) == 1
    assert kinds(graph).count(NodeKind.OUTPUT) == 2
    assert graph.edges.kind.count("residual") == 4
    assert len(set(graph.names)) == len(graph.names)
    last = len(graph.prompt) - 1
    assert f"L0.post@{last}" in graph.into(f"L1.norm1@{last}")


def test_a_target_may_be_said_in_many_ways(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    predicted = int(trace.logits[-1].argmax())
    plain = llm_tt.anatomy.flow(tiny_model, trace, 1)
    assert plain.target == Target(len(trace.prompt) - 1, predicted, None, "logit")
    against = llm_tt.anatomy.flow(tiny_model, trace, range(1, 2), "b", position=4, contrast=7)
    assert against.target.position == against.position == 4
    again = llm_tt.anatomy.flow(tiny_model, trace, 1, against.target)
    assert np.array_equal(again.nodes.contribution, against.nodes.contribution)
    output = again.place_of("L1.post@4")
    direction = target_direction(tiny_model, trace, against.target)
    assert again.nodes.contribution[output] == pytest.approx(float(trace.resid_post[1, 4] @ direction))


@pytest.mark.parametrize("layers", [2, -1, [], [1, 0], [0, 2], range(3), [0, 0]])
def test_layers_that_there_are_not_are_refused(tiny_model, layers):
    with pytest.raises(TargetError, match="layers 0 to 1"):
        anatomy_of(tiny_model, layers=layers)


def test_numbers_that_show_nothing_are_refused(tiny_model):
    with pytest.raises(GraphError, match="Ask for 1 or more"):
        anatomy_of(tiny_model, numbers=Numbers(heads=0))


def test_without_the_lens_there_is_no_anatomy(tiny_model, without_lens):
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        anatomy_of(tiny_model)


def test_where_queries_cannot_be_read_values_hang_on_the_norm(tiny_model, monkeypatch):
    with_circuits = anatomy_of(tiny_model, numbers=FEW)
    monkeypatch.setattr(type(tiny_model), "head_inputs", lambda self, layer: None)
    graph = anatomy_of(tiny_model, numbers=FEW)
    assert not {NodeKind.QUERY, NodeKind.KEY} & set(kinds(graph))
    assert sum_error(graph) < 1e-5
    assert flow_error(graph) < 1e-5
    value = next(name for name, kind in zip(graph.names, kinds(graph), strict=True) if kind is NodeKind.VALUE)
    assert graph.into(value) == (f"L0.norm1@{graph.position}",)
    assert graph.notes == (UNREADABLE,)
    assert set(graph.names) < set(with_circuits.names)


@pytest.mark.parametrize(
    ("family", "notes", "neuron_notes"),
    [
        ("GPT-2", (), ()),
        ("GPT-J", (ROTARY,), ()),
        ("OLMo 2", (ROTARY, NORMED), (GATED,)),
        ("Mixtral", (ROTARY,), ()),
    ],
)
def test_what_is_not_in_the_readings_is_said_once(family, notes, neuron_notes, open_family):
    graph = anatomy_of(open_family(family))
    assert (graph.notes, graph.neuron_notes) == (notes, neuron_notes)


def test_a_norm_that_both_halves_share_passes_all_on(open_double):
    model = open_double("GPT-J")
    trace = llm_tt.capture(model, TEXT)
    graph = llm_tt.anatomy.flow(model, trace, 1)
    weights, at = model.layer_weights(1), graph.position
    biases = weights.attention_bias + weights.mlp_bias
    sent = trace.attention_out[1, at] + trace.mlp_out[1, at] - biases
    place = graph.place_of(f"L1.norm1@{at}")
    assert graph.nodes.norm[place] == pytest.approx(float(sent.norm()), rel=1e-10)


def test_a_layer_whose_heads_are_all_silent_still_closes(tiny_model):
    edits = [llm_tt.Ablate.head(1, head, baseline="zero") for head in range(tiny_model.dimensions.n_heads)]
    trace = llm_tt.run_with_edits(tiny_model, TEXT, edits)
    for measure in MEASURES:
        graph = llm_tt.anatomy.flow(tiny_model, trace, 1, measure=measure)
        assert not {NodeKind.HEAD, NodeKind.VALUE, NodeKind.OTHER_HEADS} & set(kinds(graph))
        assert flow_error(graph) < 1e-5


def test_heads_that_hardly_attend_are_read_too(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    pattern = torch.full_like(trace.patterns[1], 1e-30)
    pattern[:, :, 0] = 1
    trace = replace(trace, patterns=(trace.patterns[0], pattern))
    graph = llm_tt.anatomy.flow(tiny_model, trace, 1, numbers=Numbers(4, 3, 0, 1))
    values = [place for place, kind in enumerate(kinds(graph)) if kind is NodeKind.VALUE]
    assert len(values) == 12
    assert (graph.nodes.promoted[values] >= 0).all()
    assert np.isfinite(graph.nodes.entropy[values]).all()


def test_half_precisions_are_dissected_in_single(byte_tokenizer):
    model = llm_tt.load_model(llm_tt.ModelSpec("untrained", dtype="bfloat16"))
    graph = anatomy_of(model, numbers=FEW)
    assert graph.nodes.vectors.dtype == np.float32
    inner = [k in (NodeKind.HEAD, NodeKind.QUERY, NodeKind.VALUE) for k in kinds(graph)]
    assert np.isfinite(graph.nodes.contribution[inner]).all()
    assert sum_error(graph) < 1e-2  # the model itself rounds its sums


def test_experts_are_one_node(open_family):
    model = open_family("Mixtral")
    assert Capability.NEURONS not in {f.capability for f in model.self_test.findings if f.passed}
    graph = anatomy_of(model)
    assert NodeKind.NEURON not in kinds(graph)
    assert graph.into(f"L1.mlp@{graph.position}") == (f"L1.norm2@{graph.position}",)


def test_one_token_and_more_tokens_than_there_are(tiny_model):
    trace = llm_tt.capture(tiny_model, "a")
    graph = llm_tt.anatomy.flow(tiny_model, trace, 0, top=1000)
    assert graph.nodes.promoted.shape[1] == tiny_model.dimensions.d_vocab
    assert sum_error(graph) < 1e-5


def test_progress_grows_to_one_and_may_stop_the_work(tiny_model):
    told = []
    anatomy_of(tiny_model, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        anatomy_of(tiny_model, progress=stop)
    assert sum_error(anatomy_of(tiny_model)) < 1e-5


@pytest.mark.gpu
def test_a_gpu_gives_the_same():
    graphs = []
    for device in ("cuda", "cpu"):
        model = llm_tt.load_model(llm_tt.ModelSpec("untrained", device=device))
        graphs.append(anatomy_of(model, layers=[1, 2, 3], numbers=FEW))
    found, expected = graphs
    assert found.names == expected.names
    assert np.abs(found.nodes.contribution - expected.nodes.contribution).max() < 1e-3
    assert sum_error(found) < 1e-4
