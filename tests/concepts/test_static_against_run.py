"""A head in a run, held against its weights: the same in layer 0, where a state is an embedding alone."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.concepts.head_circuits import readable_head
from llm_tt.concepts.head_tokens import ov_changes
from llm_tt.concepts.static_against_run import compare_with_run
from llm_tt.errors import TargetError
from llm_tt.intervention.components import Component
from llm_tt.lens.written import written_by
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.smallworld.world import the_world
from llm_tt.tracing.parts import Part

TEXT = "Parts, as é."


def test_the_positions_are_those_most_attended_to(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    found = compare_with_run(tiny_model, trace, 1, 2, -1, top=4, n_tokens=6)
    attention = trace.patterns[1][2, -1]
    assert [one.key for one in found] == attention.topk(4).indices.tolist()
    assert_close(torch.tensor([one.attention for one in found]), attention.topk(4).values)
    assert {len(one.in_run.token_ids) for one in found} == {len(one.static.token_ids) for one in found} == {6}


def test_what_it_did_is_its_message_and_what_it_would_do_its_weights(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    (one,) = compare_with_run(tiny_model, trace, 1, 2, 5, top=1, n_tokens=3)
    message = Part("message", 1, 5, head=2, key=one.key)
    promoted = llm_tt.promoted_tokens(tiny_model, trace, written_by(tiny_model, trace, message), 5, top=3)
    assert one.in_run == promoted.promoted
    token = trace.prompt.token_ids[one.key]
    static = ov_changes(tiny_model, 1, 2, token)
    assert one.static.token_ids == tuple(static.topk(3).indices.tolist())
    in_run = tiny_model.read_part(written_by(tiny_model, trace, message), trace.final_norm_scale[5])
    assert one.agreement == pytest.approx(
        float(torch.corrcoef(torch.stack([in_run, static]))[0, 1]), abs=1e-5
    )


@pytest.mark.parametrize("family", ["Llama", "Qwen3", "Gemma 2"])
def test_in_the_first_layer_of_a_model_without_biases_they_agree(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    for one in compare_with_run(model, trace, 0, 3, -1):
        assert one.agreement == pytest.approx(1, abs=1e-5)
        assert one.in_run.token_ids == one.static.token_ids
    assert min(one.agreement for one in compare_with_run(model, trace, 1, 3, -1)) < 0.99


def test_of_an_edited_run_what_the_edit_let_through(tiny_model):
    plain = llm_tt.capture(tiny_model, TEXT)
    key = compare_with_run(tiny_model, plain, 1, 2, 5, top=1)[0].key
    message_off = llm_tt.Ablate(Component.named(f"L1H2@{key}-"), baseline="zero")
    edited = llm_tt.run_with_edits(tiny_model, TEXT, [message_off])
    cut = compare_with_run(tiny_model, edited, 1, 2, 5, top=1)[0]
    assert cut.key == key
    assert cut.agreement is None
    assert set(cut.in_run.changes) == {0.0}


def test_what_is_not_there_is_refused(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    for layer, head, position in ((2, 0, 0), (0, 4, 0), (0, 0, 99)):
        with pytest.raises(TargetError):
            compare_with_run(tiny_model, trace, layer, head, position)


@torch.no_grad()
def places_of_names(model, layer, head, *, in_run):
    """The place of each name among all names, 0 to 1, in what a head writes when it attends to that name."""
    names = [model.tokenize(f" {name}").token_ids for name in the_world().names]
    names = [token_ids[0] for token_ids in names if len(token_ids) == 1]
    inputs, head_out = readable_head(model, layer, head), model.layer_weights(layer).head_out[head]
    places = []
    for name in names:
        changes = ov_changes(model, layer, head, name)
        if in_run:
            seen = []
            hook = Hook(Site.RESID_PRE, layer, lambda states, seen=seen: seen.append(states[0, -1].clone()))
            model.run([*model.tokenize("When").token_ids, name], [hook])
            changes = model.read_part(inputs.values(seen[0])[head] @ head_out, 1.0)
        places.append(float((changes[names] > changes[name]).float().mean()))
    return torch.tensor(places)


def test_what_heads_of_the_small_world_do_with_names():
    """One copies the name that it reads, one writes against it; and the weights alone know only half of that.

    Early layers rewrite names: for L3H3 a bare embedding is nearly the opposite of the state that it gets.
    That is why readings of weights stand beside what happened in a run.
    """
    model = llm_tt.load_model("small-world")
    copied, opposed = (places_of_names(model, *head, in_run=True) for head in ((3, 3), (2, 1)))
    assert (copied == 0).float().mean() > 0.8
    assert opposed.min() > 0.9
    assert places_of_names(model, 2, 1, in_run=False).median() > 0.9
    assert places_of_names(model, 3, 3, in_run=False).median() > 0.9
