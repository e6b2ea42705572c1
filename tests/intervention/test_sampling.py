"""Draws follow the distribution, repeat with their seed, and change only where predictions do."""

import numpy as np
import pytest
import torch

from llm_tt.errors import InterventionError
from llm_tt.intervention.sampling import Sampling

PROBABILITIES = torch.tensor([0.05, 0.5, 0.15, 0.3])
LOGITS = PROBABILITIES.log() + 3.0


def shares(sampling, n_draws=4000):
    """How often each token is drawn."""
    drawn = [sampling.choose(LOGITS, step) for step in range(n_draws)]
    return torch.bincount(torch.tensor(drawn), minlength=4) / n_draws


def test_at_temperature_zero_it_is_the_most_likely_token():
    assert {Sampling(seed=seed).choose(LOGITS, 3) for seed in range(20)} == {1}
    assert Sampling().choose(torch.tensor([1.0, 2.0, 2.0]), 0) == 1, "the first of equal ones"


@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_draws_follow_the_distribution(temperature):
    expected = (LOGITS / temperature).softmax(-1)
    found = shares(Sampling(temperature=temperature))
    assert (found - expected).abs().max() < 5 * 0.5 / 4000**0.5


def test_a_nucleus_leaves_out_the_unlikely():
    found = shares(Sampling(temperature=1.0, top_p=0.7))
    assert found[[0, 2]].tolist() == [0, 0]
    assert float(found[1]) == pytest.approx(0.5 / 0.8, abs=0.05)
    assert shares(Sampling(temperature=1.0, top_p=0.81), 2000)[2] > 0, (
        "the token that crosses the limit is in"
    )
    assert shares(Sampling(temperature=1.0, top_p=0.0), 50)[1] == 1, "never fewer than one"


def test_the_same_seed_draws_the_same_and_another_one_not():
    draws = [[Sampling(1.0, seed=seed).choose(LOGITS, step) for step in range(30)] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


def test_noise_belongs_to_tokens():
    """A token that becomes more likely is drawn more often, and never gives way to a third one."""
    more = LOGITS.clone()
    more[2] += 1.0
    sampling, changed = Sampling(temperature=1.0), 0
    for step in range(300):
        before, after = sampling.choose(LOGITS, step), sampling.choose(more, step)
        changed += before != after
        assert after in (before, 2)
    assert changed > 10


def test_it_is_gumbels_trick():
    noise = np.random.default_rng([5, 7]).gumbel(size=4)
    assert Sampling(1.0, seed=5).choose(LOGITS, 7) == int((LOGITS.log_softmax(-1).numpy() + noise).argmax())


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -1.0},
        {"temperature": float("nan")},
        {"temperature": 1e-310},
        {"top_p": 1.5},
        {"seed": -1},
    ],
)
def test_what_cannot_be_is_said(options):
    with pytest.raises(InterventionError, match=f"A {next(iter(options))} is a number"):
        Sampling(**options)
