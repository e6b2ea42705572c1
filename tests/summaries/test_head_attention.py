"""Attention by relation over many prompts, against plain means."""

import numpy as np
import pytest

from llm_tt.summaries.head_attention import head_attention
from llm_tt.summaries.runs import runs_of_table
from tests.summaries.planted_runs import planted, planted_rows, random_contributions, table_of


def random_attention(n_prompts, seed=0):
    return np.random.default_rng(seed).uniform(size=(n_prompts, 6))


def test_means_over_the_prompts_that_have_such_a_pair():
    previous, after = random_attention(10), random_attention(10, 1)
    after[[2, 5, 6]] = np.nan
    chance = np.linspace(0.1, 0.9, 10)
    likely = chance[[0, 1, 3, 4, 7, 8, 9]].mean()
    runs = planted(
        random_contributions(10), attention={"previous": previous, "after_same": after}, chance=chance
    )
    found = {(seen.head, seen.relation): seen for seen in head_attention(runs)}
    assert len(found) == 12, "relations that never occur are left out"
    for place, head in enumerate(["L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2"]):
        seen = found[head, "previous"]
        assert (seen.n_prompts, seen.of_prompts) == (10, 1.0)
        assert seen.attention.mean == pytest.approx(previous[:, place].mean(), rel=1e-6)
        seen = found[head, "after_same"]
        assert (seen.n_prompts, seen.of_prompts) == (7, 0.7)
        assert seen.attention.mean == pytest.approx(np.nanmean(after[:, place]), rel=1e-6)
        assert seen.chance == pytest.approx(likely, rel=1e-6)
        assert seen.attention.low < seen.attention.mean < seen.attention.high


def test_of_a_group_alone():
    attention = random_attention(6)
    runs = planted(
        random_contributions(6), groups=["a", "a", "b", "b", "b", "b"], attention={"self": attention}
    )
    (first, *_) = head_attention(runs, group="a")
    assert first.attention.mean == pytest.approx(attention[:2, 0].mean(), rel=1e-6)
    assert first.n_prompts == 2


def test_a_prompt_counts_once_however_many_methods_there_are():
    given = {"attention": {"previous": random_attention(5)}}
    rows = [planted_rows(random_contributions(5), method=name, **given) for name in ("relp", "ifr")]
    assert {
        seen.n_prompts
        for seen in head_attention(runs_of_table(table_of([row for each in rows for row in each]), "x"))
    } == {5}


def test_heads_come_in_their_order():
    runs = planted(
        random_contributions(3), attention={"self": random_attention(3), "same": random_attention(3)}
    )
    heads = [seen.head for seen in head_attention(runs)]
    assert heads == sorted(heads)
    assert [seen.relation for seen in head_attention(runs)][:2] == ["self", "same"]
