"""The shipped weights work as the textbook says. A retrained model is checked the same way."""

from itertools import combinations

import pytest
import torch

from llm_tt.smallworld.evaluate import open_model
from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.mechanisms import (
    copying_attention,
    heads_ablated,
    mean_head_outputs,
    mean_mlp_outputs,
    mlps_ablated,
    strongest_heads,
)
from llm_tt.smallworld.scoring import score
from llm_tt.smallworld.world import the_world

FACTS = tuple(the_world().relations)


@pytest.fixture(scope="module")
def opened():
    return open_model()


def _fact_accuracy(opened, prompts=30):
    results = [score(*opened, generate(task, prompts, 4, "held_out")).accuracy for task in FACTS]
    return sum(results) / len(results)


def test_a_head_looks_at_the_previous_token_and_another_at_the_one_after_the_earlier_occurrence(opened):
    seen = copying_attention(opened[0])
    assert seen.accuracy >= 0.95
    assert seen.to_previous.max() >= 0.5
    assert seen.to_after_earlier.max() >= 0.5
    # The second reads what the first has written, so it cannot stand in the same layer.
    previous_layer = int(seen.to_previous.max(1).values.argmax())
    assert int(seen.to_after_earlier.max(1).values.argmax()) > previous_layer


def test_two_heads_move_the_name(opened):
    prompts = generate("indirect_object", 120, 4, "held_out")
    everything = [asked.prompt for task in task_names() for asked in generate(task, 8, 4, "held_out")]
    means = mean_head_outputs(*opened, everything)
    whole, facts = score(*opened, prompts).accuracy, _fact_accuracy(opened)

    def without(heads, measured):
        with heads_ablated(opened[0], means, heads):
            return measured()

    def recall(heads):
        return without(heads, lambda: _fact_accuracy(opened))

    def naming(heads):
        return without(heads, lambda: score(*opened, prompts).accuracy)

    # Of the heads that matter most, those that only move names: recall does without them.
    movers = [
        head for head in strongest_heads(*opened, means, prompts[:60])[:4] if recall([head]) >= facts - 0.05
    ]
    pair = min(combinations(movers, 2), key=naming)
    assert naming(pair) <= 0.5 * whole, pair
    assert recall(pair) >= facts - 0.05, pair


def test_facts_are_recalled_by_mlps_at_their_subject_and_bindings_elsewhere(opened):
    model, tokenizer = opened
    everything = [asked.prompt for task in task_names() for asked in generate(task, 6, 4, "held_out")]
    means = mean_mlp_outputs(model, tokenizer, everything)

    def kept(task, at_subject):
        prompts = generate(task, 40, 4, "held_out")
        answered = [_is_answered_without(opened, means, asked, at_subject) for asked in prompts]
        return sum(answered) / len(answered)

    at_subject = {task: kept(task, at_subject=True) for task in FACTS}
    elsewhere = {task: kept(task, at_subject=False) for task in FACTS}
    assert sum(at_subject.values()) / len(FACTS) <= 0.7, at_subject
    assert sum(elsewhere.values()) / len(FACTS) >= 0.85, elsewhere
    # The other way round for what stands in the text: the subject's own token says nothing there.
    assert kept("who_has_what", at_subject=True) >= 0.9
    assert kept("who_has_what", at_subject=False) <= 0.5


def _is_answered_without(opened, means, asked, at_subject):
    """Whether the answer comes though MLPs 0 to 2 write their mean at the subject, or everywhere else."""
    model, tokenizer = opened
    token_ids, other = (tokenizer.encode(text).ids for text in (asked.prompt, asked.corrupted))
    subject = [place for place, pair in enumerate(zip(token_ids, other, strict=True)) if pair[0] != pair[1]]
    places = [place for place in range(len(token_ids)) if (place in subject) is at_subject]
    with torch.no_grad(), mlps_ablated(model, means, (0, 1, 2), torch.tensor(places)):
        best = int(model(torch.tensor([token_ids])).logits[0, -1].argmax())
    return tokenizer.decode([best]) in asked.right_answers
