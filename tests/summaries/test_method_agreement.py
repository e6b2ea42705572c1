"""Agreement of methods, against scipy's correlation."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from llm_tt.summaries.method_agreement import method_agreement
from llm_tt.summaries.runs import runs_of_table
from tests.summaries.planted_runs import planted, planted_rows, random_contributions, table_of


def of_methods(**contributions):
    rows = [planted_rows(values, method=method) for method, values in contributions.items()]
    return runs_of_table(table_of([row for each in rows for row in each]), "x")


def shares(contributions):
    return np.abs(contributions) / np.abs(contributions).sum(1, keepdims=True)


def test_the_same_as_scipy():
    relp, ifr = random_contributions(12), random_contributions(12, seed=5)
    (found,) = method_agreement(of_methods(relp=relp, ifr=ifr))
    one, other = shares(relp), shares(ifr)
    per_prompt = [spearmanr(a, b).statistic for a, b in zip(one, other, strict=True)]
    assert found.per_prompt.mean == pytest.approx(np.mean(per_prompt), abs=1e-6)
    assert found.of_means == pytest.approx(spearmanr(one.mean(0), other.mean(0)).statistic, abs=1e-6)
    assert found.n_prompts == 12
    assert set(found.methods) == {"relp", "ifr"}


def test_methods_that_agree_but_for_sign_and_size_agree():
    values = random_contributions(5)
    (found,) = method_agreement(of_methods(relp=values, gradact=-3 * values))
    assert found.per_prompt.mean == found.per_prompt.low == found.of_means == pytest.approx(1)


def test_every_pair_and_only_prompts_that_both_measured():
    values = random_contributions(6)
    found = method_agreement(of_methods(relp=values, ifr=values[:4], dla=values))
    assert sorted(pair.n_prompts for pair in found) == [4, 4, 6]


def test_one_method_agrees_with_nobody():
    assert method_agreement(planted(random_contributions(3))) == ()
