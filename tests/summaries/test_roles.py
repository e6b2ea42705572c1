"""Names of heads: planted ones, those that miss a threshold, and those of the small world."""

import numpy as np
import pytest

from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.task_entries import entries_of_tasks
from llm_tt.smallworld.evaluate import open_model
from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.mechanisms import (
    copying_attention,
    heads_ablated,
    mean_head_outputs,
    strongest_heads,
)
from llm_tt.smallworld.scoring import score
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.head_attention import head_attention
from llm_tt.summaries.report import summarize_runs
from llm_tt.summaries.roles import LEAST_ATTENTION, TIMES_CHANCE, roles_of
from llm_tt.summaries.runs import runs_of_table
from llm_tt.summaries.summary import summarize
from tests.summaries.planted_runs import planted

N = 30


def named(attention, *, contributions=None, **more):
    """Roles of six heads that attend as told; what is not told is too little."""
    contributions = np.ones((N, 8)) if contributions is None else contributions
    noise = np.random.default_rng(0).uniform(-0.02, 0.02, size=(N, 6))
    seen = {relation: np.array(heads)[None] + noise for relation, heads in attention.items()}
    runs = planted(contributions, attention=seen, **more)
    summary = summarize(component_values(runs))
    return {(role.head, role.name) for role in roles_of(summary, head_attention(runs))}


def test_heads_are_named_by_what_they_attend_to():
    attention = {
        "previous": [0.9, 0.1, 0.1, 0.1, 0.1, 0.1],
        "after_same": [0.5, 0.8, 0.1, 0.1, 0.1, 0.1],  # the first one's is often also the previous token
        "same": [0.1, 0.1, 0.7, 0.1, 0.1, 0.1],
        "self": [0.1, 0.1, 0.1, 0.6, 0.1, 0.1],
        "first": [0.1, 0.9, 0.1, 0.1, 0.8, 0.3],  # the second one rests there, and is named by what it does
    }
    assert named(attention, chance=0.05) == {
        ("L0H0", "previous-token head"),
        ("L0H1", "induction head"),
        ("L0H2", "duplicate-token head"),
        ("L1H0", "current-token head"),
        ("L1H1", "resting head"),
    }


def test_nothing_found_is_an_answer():
    assert named({"previous": [0.3] * 6, "after_same": [0.2] * 6}) == set()


def test_attention_must_surely_be_high_enough_and_above_chance():
    just = [LEAST_ATTENTION + 0.02, LEAST_ATTENTION, *[0.0] * 4]
    assert named({"previous": just}) == {("L0H0", "previous-token head")}
    assert named({"previous": just}, chance=0.5 / TIMES_CHANCE) == set()


def test_few_prompts_with_such_a_pair_name_nobody():
    attention = np.full((N, 6), 0.9)
    contributions = np.ones((N, 8))
    for n_without, found in ((N // 2, 6), (N // 2 + 1, 0)):
        attention[:n_without] = np.nan
        runs = planted(contributions, attention={"after_same": attention})
        roles = roles_of(summarize(component_values(runs)), head_attention(runs))
        assert len(roles) == found


def test_movers_and_readers_also_add_to_the_target():
    adds = np.array([2.0, -2.0, 0.1, 2.0, 2.0, 1.0, 1.0, 1.0])  # the parts: H0 H1 H2 mlp H0 H1 H2 mlp
    contributions = np.tile(adds, (N, 1))
    attention = {
        "answer": [0.9, 0.9, 0.9, 0.1, 0.1, 0.1],
        "subject": [0.1, 0.1, 0.1, 0.9, 0.1, 0.1],
        "foil": [0.1, 0.9, 0.1, 0.9, 0.1, 0.1],
    }
    expected = {
        ("L0H0", "name mover"),
        ("L0H1", "negative mover"),
        ("L1H0", "subject reader"),
        ("L1H0", "foil reader"),
    }
    assert named(attention, contributions=contributions) == expected
    # Flow has no sign, so nobody adds or takes away.
    assert named(attention, contributions=np.abs(contributions), method="ifr") == set()


def test_a_contribution_that_may_be_zero_moves_nothing():
    signs = np.where(np.arange(N) % 2 == 0, 2.4, -2.0)  # a mean above 0, and an interval around it
    contributions = np.ones((N, 8))
    contributions[:, 0] = signs
    assert named({"answer": [0.9] + [0.1] * 5}, contributions=contributions) == set()


def test_the_evidence_stands_beside_the_name():
    runs = planted(np.ones((N, 8)), attention={"previous": np.full((N, 6), 0.75)})
    role = roles_of(summarize(component_values(runs)), head_attention(runs))[0]
    assert role.sentence == (
        "0.75 [0.75, 0.75] of its attention to the previous token, by chance 0.10; 30 prompts"
    )
    assert role.to_json()["n_prompts"] == N


# Of the small world: heads found by hooks on the plain weights, which know nothing of this library.


@pytest.fixture(scope="module")
def report(small_world):
    tasks = ["induction", "indirect_object", "capital"]
    entries = entries_of_tasks(tasks, 15)
    rows, skipped = measure_all(small_world, entries, BatchOptions(measure=False, neurons=0, edges=0))
    assert not skipped
    runs = runs_of_table(rows, "tasks")
    return {task: summarize_runs(runs, group=task) for task in tasks}


@pytest.fixture(scope="module")
def plain():
    return open_model()


def heads_named(report, name):
    return {role.head for role in report.roles if role.name == name}


def test_previous_token_and_induction_heads_are_those_of_random_tokens(report, plain):
    seen = copying_attention(plain[0])
    for name, attention, task in (
        ("previous-token head", seen.to_previous, "induction"),
        ("previous-token head", seen.to_previous, "indirect_object"),
        ("previous-token head", seen.to_previous, "capital"),
        ("induction head", seen.to_after_earlier, "induction"),
        ("induction head", seen.to_after_earlier, "indirect_object"),
    ):
        expected = {f"L{layer}H{head}" for layer, head in (attention >= 0.5).nonzero().tolist()}
        assert expected
        assert heads_named(report[task], name) == expected, (name, task)


def test_facts_have_no_induction_head(report):
    """Few of these prompts repeat a token, and what follows then is the subject."""
    assert not heads_named(report["capital"], "induction head")
    assert heads_named(report["capital"], "subject reader")


def test_the_pair_that_indirect_objects_hang_on_is_the_strongest_of_the_heads_with_context(report, plain):
    prompts = generate("indirect_object", 60, 4, "held_out")
    everything = [asked.prompt for task in task_names() for asked in generate(task, 8, 4, "held_out")]
    means = mean_head_outputs(*plain, everything)
    pair = {f"L{layer}H{head}" for layer, head in strongest_heads(*plain, means, prompts)[:2]}
    later = [
        row.component.name
        for row in report["indirect_object"].parts.rows
        if row.component.kind == "head" and row.component.layer > 0
    ]
    assert set(later[:2]) == pair
    # How they do it, by evidence: one copies what follows a name's earlier mention, the other takes it
    # from the giver's mention, which is the foil. The heads that look at the answer itself come after.
    named = {role.head: role.name for role in report["indirect_object"].roles if role.head in pair}
    assert set(named.values()) == {"foil reader", "induction head"}


def test_name_movers_stand_in_for_each_other(report, plain):
    """Off one by one they cost little, together much: so attention names them, and single cuts do not."""
    prompts = generate("indirect_object", 60, 4, "held_out")
    means = mean_head_outputs(*plain, [asked.prompt for asked in prompts])
    looking = [
        (seen.head, seen.attention.mean)
        for seen in report["indirect_object"].attention
        if seen.relation == "answer" and seen.attention.low >= LEAST_ATTENTION
    ]
    heads = [(int(head[1]), int(head[3])) for head, _ in looking]
    assert heads_named(report["indirect_object"], "name mover") <= {head for head, _ in looking}
    assert heads_named(report["indirect_object"], "name mover")

    def margin(off):
        with heads_ablated(plain[0], means, off):
            return score(*plain, prompts).margin

    whole = margin([])
    alone = sum(whole - margin([head]) for head in heads)
    together = whole - margin(heads)
    assert together > 2 * alone, (together, alone)
    assert together > 0.15
