"""Groups of directions: planted ones are found, and what is computed of them is by hand."""

import numpy as np
import pytest

from llm_tt.concepts import clustering
from llm_tt.concepts.clustering import chance_of_size, cosines_to, group, random_directions_like
from llm_tt.tracing.progress import silent


def planted(n=600, n_groups=12, width=24, noise=0.25, seed=0):
    """Directions around a few centres, in random order, and the group of each."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((n_groups, width))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    labels = rng.integers(0, n_groups, n)
    drawn = centres[labels] + noise / np.sqrt(width) * rng.standard_normal((n, width))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16), labels


def test_planted_groups_are_found():
    directions, labels = planted()
    found = group(directions, 12, 0, silent).labels
    together = found[:, None] == found
    assert (together == (labels[:, None] == labels)).mean() > 0.97


@pytest.mark.parametrize("at_once", [37, 4096])
def test_numbers_are_those_by_hand(monkeypatch, at_once):
    monkeypatch.setattr(clustering, "BATCH", at_once)
    directions, _ = planted(n=200, noise=1.5)
    found = group(directions, 9, 0, silent)
    exact = directions.astype(np.float64)
    assert found.labels.shape == (200,) and found.sizes.sum() == 200
    pairs = []
    for cluster in range(9):
        own = exact[found.labels == cluster]
        mean = own.mean(0)
        assert found.cohesion[cluster] == pytest.approx(np.linalg.norm(mean), abs=1e-3)
        cosines = cosines_to(directions, np.flatnonzero(found.labels == cluster), found.centres[cluster])
        assert cosines.mean() == pytest.approx(found.cohesion[cluster], abs=1e-3)
        gram = own @ own.T
        pairs.append((gram.sum() - np.trace(gram)) / max(1, len(own) * (len(own) - 1)))
    by_size = np.average(pairs, weights=found.sizes)
    assert found.mean_pair_cosine == pytest.approx(by_size, abs=0.01)


def test_the_same_seed_gives_the_same_groups():
    directions, _ = planted(noise=3)
    first, again, other = (group(directions, 20, seed, silent).labels for seed in (0, 0, 1))
    assert (first == again).all() and (first != other).any()


def test_every_direction_and_its_centre_are_nearest():
    directions, _ = planted(noise=3)
    found = group(directions, 10, 0, silent)
    assert found.centres.dtype == np.float32
    assert np.linalg.norm(found.centres, axis=1) == pytest.approx(np.ones(10), abs=1e-4)
    nearest = (directions.astype(np.float32) @ found.centres.T).argmax(1)
    assert (nearest == found.labels).mean() > 0.9, "the centres moved once more after the last assignment"


@pytest.mark.parametrize("n_clusters", [1, 5, 8])
def test_copies_zeros_and_damaged_directions_do_no_harm(n_clusters):
    directions = np.zeros((8, 4), np.float16)
    directions[:4, 0] = 1
    directions[4] = np.nan
    directions[5] = np.inf
    found = group(directions, n_clusters, 0, silent)
    assert np.isfinite(found.centres).all() and np.isfinite(found.cohesion).all()
    assert len(set(found.labels[:4])) == 1, "copies stay together"


def test_progress_is_told_and_may_stop():
    directions, _ = planted()
    told = []
    group(directions, 4, 0, told.append)
    assert told == sorted(told) and told[-1] == pytest.approx(1)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        group(directions, 4, 0, stop)


def test_random_directions_have_the_means_and_spreads_and_no_groups():
    directions, _ = planted(n=3000)
    directions[:, 0] += 1  # all neurons of a model may lean to one side
    directions /= np.linalg.norm(directions.astype(np.float32), axis=1, keepdims=True)
    drawn = random_directions_like(directions, 0).astype(np.float32)
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(np.ones(3000), abs=1e-2)
    assert drawn.mean(0) == pytest.approx(directions.astype(np.float32).mean(0), abs=0.03)
    assert drawn.std(0) == pytest.approx(directions.astype(np.float32).std(0), abs=0.05)
    tight = group(directions, 12, 0, silent).mean_pair_cosine
    assert group(drawn, 12, 0, silent).mean_pair_cosine < tight - 0.2
    assert (random_directions_like(directions, 0) == random_directions_like(directions, 0)).all()


def test_chance_falls_with_size():
    chances = chance_of_size(0.0, np.array([0, 1, 4, 100]))
    assert chances == pytest.approx([1, 1, 0.5, 0.1])
    assert chance_of_size(0.25, np.array([10**9]))[0] == pytest.approx(0.5)
