"""The mechanisms that are known in the small world are what its graphs show, found by attribution alone."""

import pytest
import torch

import llm_tt
from llm_tt.smallworld.generation import generate

NAMES = "When Mary and John went to the store, John gave a drink to"


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("small-world")


def strongest_edge(shares, layer, query):
    """(head, key) of the message that contributes most to one position in one layer."""
    into = shares.attention[layer, :, query]
    return divmod(int(into.argmax()), into.shape[1])


@pytest.mark.parametrize("method", ["relp", "ifr"])
@pytest.mark.parametrize("seed", range(4))
def test_what_comes_next_is_read_behind_the_earlier_occurrence(model, method, seed):
    generator = torch.Generator().manual_seed(seed)
    words = torch.randperm(60, generator=generator)[:12].tolist()
    once = "".join(f" {word + 10}" for word in words)
    trace = llm_tt.capture(model, once + once[: 3 * 5])
    last = len(trace.prompt) - 1
    behind_earlier = last - 12 + 1
    target = {} if method == "ifr" else {"target_token": trace.prompt.token_ids[behind_earlier]}
    shares = llm_tt.attribute(model, trace, method, **target)
    assert int(trace.logits[-1].argmax()) == trace.prompt.token_ids[behind_earlier]
    assert int(shares.attention[1, 0, last].argmax()) == behind_earlier, "the induction head of layer 1"
    assert strongest_edge(shares, 1, last) == (0, behind_earlier), (
        "no other message of that layer is stronger"
    )
    # It finds the place because the previous-token head of layer 0 has written there.
    flow = llm_tt.attribute(model, trace, "ifr")
    assert int(flow.attention[0, 0, behind_earlier].argmax()) == behind_earlier - 1


@pytest.mark.parametrize("method", ["relp", "gradact"])
def test_the_name_comes_from_the_one_who_receives(model, method):
    """As in larger models: layer 2 reads who has been named again, layer 3 then fetches the other."""
    trace = llm_tt.capture(model, NAMES)
    tokens = trace.prompt.token_strings
    mary, last = tokens.index(" Mary"), len(tokens) - 1
    john_again = tokens.index(" John", tokens.index(" John") + 1)
    shares = llm_tt.attribute(model, trace, method, target_token=" Mary", contrast_token=" John")
    _, key = strongest_edge(shares, 3, last)
    assert key == mary
    head, key = strongest_edge(shares, 2, last)
    assert (head, key) == (1, john_again), "one of the two heads without which the name is lost"


def test_a_few_edges_carry_the_name(model):
    trace = llm_tt.capture(model, NAMES)
    shares = llm_tt.attribute(model, trace, "relp", target_token=" Mary", contrast_token=" John")
    card = llm_tt.check_faithfulness(model, trace, llm_tt.build_graph(shares).prune(density=0.02))
    assert card.n_edges < 50
    assert card.complement.retained < 0.2 < 0.8 < card.random_complement


def share_right(model, task, edits, n_prompts=30):
    """How often the answer is more likely than its contrast, on prompts that training never saw."""
    right = 0
    for asked in generate(task, n_prompts, 7, "held_out"):
        logits = llm_tt.run_with_edits(model, asked.prompt, edits).logits[-1]
        answer, contrast = (model.tokenize(token).token_ids[0] for token in (asked.answer, asked.contrast))
        right += bool(logits[answer] > logits[contrast])
    return right / n_prompts


def test_without_its_head_the_name_is_lost_and_facts_stay(model):
    off = [llm_tt.Ablate.head(2, 1)]
    assert llm_tt.generate(model, NAMES, n_tokens=1).text == " Mary"
    assert llm_tt.generate(model, NAMES, off, n_tokens=1).text == " John"
    assert share_right(model, "indirect_object", []) == 1
    assert share_right(model, "indirect_object", off) < 0.5
    for task in ("capital", "language"):
        assert share_right(model, task, off) == 1
    another = [llm_tt.Ablate.head(1, 3)]
    assert share_right(model, "indirect_object", another) == 1, "not any head will do"
