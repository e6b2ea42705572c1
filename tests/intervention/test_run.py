"""Edited runs are what the same changes by hand on the plain model give; nothing of them stays."""

import threading

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.attribution.baseline import baseline_of
from llm_tt.errors import CapabilityError, MemoryLimitError, PromptError, TargetError
from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edits import Ablate, Scale, SetNeuron, Steer
from llm_tt.intervention.run import run_with_edits
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from tests.conftest import BY_NAME
from tests.families.registry import build
from tests.intervention.kinds_of_edits import EVERY_KIND
from tests.intervention.plain_edits import PLACES, PlainEdits
from tests.stopping import Stopped, check_stops_cleanly, shares_told

TEXT = "Some words."
PILES = {
    "one thing again and again": [
        Scale.head(0, 1, 0.5),
        Ablate.head(0, 1, strength=0.5),
        Scale.head(0, 1, 3.0, positions=(7, 9)),
    ],
    "a message of an edited head": [
        Ablate.head(1, 2, strength=0.5),
        Scale.edge(1, 3, 4.0, head=2),
        Ablate.edge(1, 3, positions=(9, 10)),
        Scale.head(1, 2, -1.0, positions=(10,)),
    ],
    "a neuron set, scaled, half off": [
        SetNeuron(0, 3, 2.0),
        Scale.neuron(0, 3, 3.0, positions=(4, 5)),
        Ablate.neuron(0, 3, strength=0.5),
        SetNeuron(1, 3, 2.0),
    ],
    "steering and an MLP off": [
        Steer.tokens(1, 7, 9, strength=2.0),
        Ablate.mlp(1),
        Scale.mlp(1, 2.0, positions=(3,)),
        Steer.neuron(1, 4, -1.0),
    ],
    "everything at once": list(EVERY_KIND.values()),
}


def by_hand(model, family, edits, text=TEXT):
    prompt = model.tokenize(text)
    plain = PlainEdits(build(BY_NAME[family], torch.float64), family, edits, baseline_of(model, "mean"))
    return plain.logits(prompt.token_ids, len(prompt))


@pytest.mark.parametrize("family", PLACES)
def test_every_edit_is_the_same_change_by_hand(family, open_double):
    model = open_double(family)
    base = llm_tt.capture(model, TEXT).logits
    for name, edits in {**{name: [edit] for name, edit in EVERY_KIND.items()}, **PILES}.items():
        found = run_with_edits(model, TEXT, edits).logits
        expected = by_hand(model, family, edits)
        assert_close(found, expected, atol=1e-9, rtol=1e-9, msg=lambda text, name=name: f"{name}: {text}")
        changes = (found - base).abs().max() > 1e-6
        is_silent = edits[0].positions == "generated" and len(edits) == 1
        is_silent |= family == "OPT" and name == "neuron off at a place"  # a ReLU that is off already
        assert changes != is_silent, name


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Mixtral", "Gemma 2"])
def test_without_edits_it_is_capture(family, open_family):
    model = open_family(family)
    plain = llm_tt.capture(model, TEXT)
    nothing = [
        Scale.head(0, 1, 1.0),
        Ablate.edge(1, 2, strength=0.0),
        Ablate.mlp(0, positions="generated"),
        Steer.tokens(0, 7, strength=5.0, positions="generated"),
    ]
    for edits in ([], nothing):
        found = run_with_edits(model, TEXT, edits)
        assert (found.changes is None) == (not edits)
        for name in ("stream", "attention_out", "mlp_out", "mlp_scale", "key_value_heads", "logits"):
            assert torch.equal(getattr(found, name), getattr(plain, name)), name
        assert torch.equal(found.attention_pattern, plain.attention_pattern)


def test_before_the_first_edit_nothing_changes_to_the_bit(tiny_model):
    plain = llm_tt.capture(tiny_model, TEXT)
    found = run_with_edits(
        tiny_model, TEXT, [Ablate.head(1, 2, positions=(6,)), Ablate.mlp(0, positions=(8,))]
    )
    assert torch.equal(found.stream[:, :6], plain.stream[:, :6])
    assert torch.equal(found.stream[1, :8], plain.stream[1, :8])
    assert not torch.equal(found.stream[2, 6], plain.stream[2, 6])


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Llama"])
def test_its_hooks_make_the_same_run_again(family, open_family):
    model = open_family(family)
    trace = run_with_edits(model, TEXT, PILES["everything at once"])
    for _ in range(2):
        with torch.no_grad():
            again = model.run(trace.prompt.token_ids, trace.changes.hooks())
            beginning = model.run(trace.prompt.token_ids[:7], trace.changes.hooks())
        assert_close(again, trace.logits, atol=1e-5, rtol=1e-5)
        assert_close(beginning, trace.logits[:7], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("family", "turns"), [("GPT-2", 1), ("GPT-J", 3), ("OPT", 3), ("Gemma 2", 1)])
def test_progress_is_told_by_layers_and_may_stop_the_run(family, turns, open_family):
    model = open_family(family)
    baseline_of(model, "mean")
    edits = [Ablate.edge(0, 1), Scale.edge(1, 2, 0.5, head=1), Ablate.mlp(1)]
    run = lambda progress: run_with_edits(model, TEXT, edits, progress=progress)  # noqa: E731
    steps = 2 * turns
    assert shares_told(run) == pytest.approx([(step + 1) / steps for step in range(steps)])
    check_stops_cleanly(model, run)


def test_what_is_usual_takes_its_share_of_the_first_run(byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["GPT-2"]), byte_tokenizer)
    run = lambda progress: run_with_edits(model, TEXT, [Ablate.mlp(0)], progress=progress)  # noqa: E731
    first, second = shares_told(run), shares_told(run)
    assert len(first) > len(second) == 2
    assert first[-2:] == [0.75, 1.0]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, Stopped])
@pytest.mark.parametrize("site", [Site.HEAD_MIX, Site.NEURONS, Site.MLP_OUT])
def test_no_hook_stays_when_an_edit_fails(error, site, tiny_model, monkeypatch):
    expected = llm_tt.capture(tiny_model, TEXT).logits
    hooks = EditHooks.hooks

    def failing(self):
        def fail(_):
            raise error

        return [*hooks(self), Hook(site, 1, fail)]

    monkeypatch.setattr(EditHooks, "hooks", failing)
    with pytest.raises(error):
        run_with_edits(tiny_model, TEXT, PILES["everything at once"])
    assert not [point for point in tiny_model._bridge.hook_dict.values() if point._forward_hooks]
    assert torch.equal(llm_tt.capture(tiny_model, TEXT).logits, expected)


def test_runs_at_once_do_not_see_each_others_edits(tiny_model):
    """Eight threads, each with a neuron of its own: under one lock, each gets its own result."""

    def edits_of(number):
        return [SetNeuron(0, number, 9.0), Ablate.edge(0, number)]

    expected = [run_with_edits(tiny_model, TEXT, edits_of(number)).logits for number in range(8)]
    found = {}

    def visit(number):
        for _ in range(3):
            found[number] = run_with_edits(tiny_model, TEXT, edits_of(number)).logits

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    for number in range(8):
        assert torch.equal(found[number], expected[number])
    assert not torch.equal(expected[0], expected[1])


@pytest.mark.parametrize(
    ("edit", "error", "found"),
    [
        (Ablate.head(2, 0), TargetError, "no layer 2"),
        (Ablate.head(0, 1, positions=(3, 11)), TargetError, "no position 11: the prompt has 11 tokens"),
        (Ablate.edge(0, 11), TargetError, "no position 11: the prompt has 11 tokens"),
        (Steer.neuron(1, 128, 1.0), TargetError, "no neuron 128"),
        (Steer.tokens(2, 7, strength=1.0), TargetError, "no layer 2"),
        (Steer.tokens(1, "nowhere", strength=1.0), TargetError, "not one token"),
    ],
)
def test_what_the_model_or_the_prompt_does_not_have_is_said(edit, error, found, tiny_model):
    with pytest.raises(error, match=found):
        run_with_edits(tiny_model, TEXT, [Ablate.mlp(0), edit])


def test_other_refusals(tiny_model, open_family):
    with pytest.raises(CapabilityError, match="Single neurons are not available"):
        run_with_edits(open_family("Mixtral"), TEXT, [SetNeuron(0, 1, 1.0)])
    with pytest.raises(PromptError, match="It is empty"):
        run_with_edits(tiny_model, "", [Ablate.mlp(0)])
    with pytest.raises(MemoryLimitError, match="are allowed"):
        run_with_edits(tiny_model, TEXT, [Ablate.mlp(0)], memory_limit=1000)
