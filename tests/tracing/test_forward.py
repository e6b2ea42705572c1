"""Capturing: every kind of prompt, no gradients, nothing left behind."""

import threading
from dataclasses import fields

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.errors import PromptError
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook
from llm_tt.tracing import forward
from llm_tt.tracing.forward import capture_together
from tests.families.registry import FAMILIES
from tests.stopping import check_stops_cleanly, shares_told

PROMPTS = [
    "a",
    " ",
    "\n\n",
    "😀 emoji",
    "<|endoftext|>",
    "a<|endoftext|>b",
    "<script>alert(1)</script>",
    "日本語",
    "\x00",
]


@pytest.mark.parametrize("text", PROMPTS)
def test_any_text_is_traced(text, tiny_model):
    trace = llm_tt.capture(tiny_model, text)
    assert trace.prompt.text == text
    assert len(trace.prompt) == len(trace.logits) >= 1
    assert trace.logits.isfinite().all()


def test_an_empty_prompt_is_said(tiny_model):
    with pytest.raises(PromptError, match="It is empty"):
        llm_tt.capture(tiny_model, "")


def test_a_prompt_may_fill_the_context_and_no_more(tiny_model):
    longest = tiny_model.dimensions.n_context
    assert len(llm_tt.capture(tiny_model, "x" * longest).prompt) == longest
    with pytest.raises(PromptError, match=f"has {longest + 1} tokens.*reads at most {longest}"):
        llm_tt.capture(tiny_model, "x" * (longest + 1))


def test_tokens_and_text_give_the_same_trace(tiny_model):
    prompt = tiny_model.tokenize("the same")
    assert_close(llm_tt.capture(tiny_model, prompt).logits, llm_tt.capture(tiny_model, "the same").logits)


def test_the_future_does_not_change_the_past(grouped_model):
    """One prompt alone and the same as a beginning: causality, seen in the trace."""
    short, long = llm_tt.capture(grouped_model, "begin"), llm_tt.capture(grouped_model, "beginning")
    assert_close(long.resid_post[:, :5], short.resid_post, atol=1e-4, rtol=1e-4)
    assert_close(long.attention_pattern[:, :, :5, :5], short.attention_pattern, atol=1e-4, rtol=1e-4)


def test_nothing_is_recorded_for_gradients_and_no_hook_is_left(tiny_model):
    with torch.enable_grad():
        trace = llm_tt.capture(tiny_model, "no gradients")
    assert not trace.logits.requires_grad
    assert not trace.stream.requires_grad
    hooks = [point for point in tiny_model._bridge.hook_dict.values() if point._forward_hooks]
    assert hooks == []


def test_a_trace_survives_the_next_run(tiny_model):
    """Its tensors are its own: another run, and an edit in place, leave them alone."""
    trace = llm_tt.capture(tiny_model, "first")
    before = trace.attention_pattern.clone()
    with torch.no_grad():
        tiny_model.run(trace.prompt.token_ids, [Hook(Site.PATTERN, 0, lambda pattern: pattern.zero_())])
    assert_close(trace.attention_pattern, before, atol=0, rtol=0)


def test_parallel_blocks_have_no_state_between(open_family):
    assert llm_tt.capture(open_family("GPT-J"), "parallel").resid_mid is None


def test_a_mixture_of_experts_has_no_neurons(open_family):
    assert llm_tt.capture(open_family("Mixtral"), "experts").mlp_activations is None


def test_post_norms_leave_their_scale(open_family, tiny_model):
    trace = llm_tt.capture(open_family("Gemma 2"), "scales")
    assert (trace.attention_scale - 1).abs().min() > 1e-3
    assert (llm_tt.capture(tiny_model, "scales").attention_scale == 1).all()


def test_the_final_norm_scales_by_what_the_trace_says(grouped_model):
    trace = llm_tt.capture(grouped_model, "final norm")
    rms = trace.resid_post[-1].pow(2).mean(-1).sqrt()
    assert_close(trace.final_norm_scale, 1 / rms, atol=1e-4, rtol=1e-4)


def test_a_model_without_a_final_norm_divides_by_one(tiny_model, monkeypatch):
    has_site = tiny_model.has_site
    monkeypatch.setattr(tiny_model, "has_site", lambda site: site is not Site.FINAL_NORM and has_site(site))
    trace = llm_tt.capture(tiny_model, "no pattern")
    assert (trace.final_norm_scale == 1).all()


def test_waiting_for_the_model_takes_no_memory(tiny_model, monkeypatch):
    """Memory is taken under the model's lock, so ten waiting visitors do not hold ten traces."""
    allocated = threading.Event()
    recorder = forward._Recorder

    def allocate(*arguments):
        allocated.set()
        return recorder(*arguments)

    monkeypatch.setattr(forward, "_Recorder", allocate)
    with tiny_model.lock:
        visitor = threading.Thread(target=llm_tt.capture, args=(tiny_model, "waiting"))
        visitor.start()
        assert not allocated.wait(0.3)
    visitor.join()
    assert allocated.is_set()


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "OPT", "Gemma 2"])
def test_progress_is_told_after_each_layer_and_may_stop_the_run(family, open_family):
    model = open_family(family)
    run = lambda progress: llm_tt.capture(model, "Some words", progress=progress)  # noqa: E731
    assert shares_told(run) == [0.5, 1.0]
    told = llm_tt.capture(model, "Some words", progress=lambda _: None)
    assert_close(told.stream, llm_tt.capture(model, "Some words").stream, atol=0, rtol=0)
    check_stops_cleanly(model, run)


TOGETHER = ("Some words.", "Other word!", "nothing. Oh")


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_prompts_that_go_together_have_the_traces_of_each_alone(family, open_family):
    model = open_family(family)
    together = capture_together(model, [model.tokenize(text) for text in TOGETHER])
    for text, trace in zip(TOGETHER, together, strict=True):
        alone = llm_tt.capture(model, text)
        assert trace.prompt == alone.prompt
        for field in fields(alone):
            one, other = getattr(trace, field.name), getattr(alone, field.name)
            if isinstance(other, torch.Tensor):
                assert_close(one, other, atol=1e-5, rtol=1e-4, msg=field.name)
                assert one.is_contiguous() == other.is_contiguous(), field.name
        for one, other in zip(trace.patterns, alone.patterns, strict=True):
            assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_what_goes_together_has_one_length(tiny_model):
    with pytest.raises(ValueError, match="one length"):
        capture_together(tiny_model, [tiny_model.tokenize(text) for text in ("one", "other")])
    assert capture_together(tiny_model, []) == []
