"""Clusters of neurons: named, listed, searched, kept."""

import numpy as np
import pytest

from llm_tt.concepts import clusters as module
from llm_tt.concepts.cluster_files import file_of
from llm_tt.concepts.clusters import Clusters, cluster_neurons, default_number
from tests.concepts.small_index import SmallIndex


@pytest.fixture(scope="module")
def clusters():
    return cluster_neurons(SmallIndex(), 3)


def test_planted_groups_have_the_names_of_what_they_share(clusters):
    names = {clusters.name(clusters.of(0, neuron))[:3] for neuron in range(30)}
    assert names == {(" Paris", " Rome", " Oslo"), (" cat", " dog", " cow"), (" one", " two", " six")}
    assert clusters.of(1, 0) == clusters.of(0, 0), "neuron 30 is of the group of neuron 0"
    assert len(clusters) == 3 and len(clusters.name(0)) == 4


def test_members_are_all_of_them_the_closest_first(clusters):
    members = clusters.members(clusters.of(0, 2))
    assert {(layer, neuron) for layer, neuron, _ in members} == {
        divmod(i, 30) for i in range(60) if i % 3 == 2
    }
    cosines = [cosine for _, _, cosine in members]
    assert cosines == sorted(cosines, reverse=True)
    directions = clusters.index.directions.astype(np.float64)
    layer, neuron, cosine = members[0]
    mean = directions[2::3].mean(0)
    assert cosine == pytest.approx(directions[30 * layer + neuron] @ mean / np.linalg.norm(mean), abs=2e-3)
    assert clusters.cohesion(clusters.of(0, 2)) == pytest.approx(np.mean(cosines), abs=2e-3)
    assert clusters.size(clusters.of(0, 2)) == 20


def test_groups_with_a_meaning_stand_out_from_chance_and_noise_does_not():
    found = cluster_neurons(SmallIndex(n_neurons=600, d_mlp=600), 3)
    assert all(row.cohesion > row.chance + 0.1 for row in found.listed())
    noise = SmallIndex(n_neurons=600, d_mlp=600, width=32, noise=100.0)
    for row in cluster_neurons(noise, 12).listed():
        assert row.cohesion == pytest.approx(row.chance, abs=0.06)


def test_lists_are_in_the_order_that_is_asked():
    index = SmallIndex(noise=0.6)
    found = cluster_neurons(index, 7)
    by_size = [row.size for row in found.listed("size")]
    assert by_size == sorted(by_size, reverse=True) and sum(by_size) == 60
    above = [row.cohesion - row.chance for row in found.listed()]
    assert above == sorted(above, reverse=True)
    for row in found.listed():
        assert row.name == found.name(row.cluster)
        assert row.chance == pytest.approx(found.chance(row.cluster))
        assert row.cohesion == found.cohesion(row.cluster)


def test_clusters_without_members_are_not_listed(clusters):
    empty = Clusters(
        clusters.index,
        np.zeros(60, np.int32),
        clusters.centres,
        clusters.cohesions,
        clusters.shared,
        0.0,
    )
    assert [row.cluster for row in empty.listed()] == [0]
    assert empty.members(1) == ()


def test_search_finds_what_members_share(clusters):
    (hit,) = clusters.search("rome")
    assert hit.cluster == clusters.of(0, 0)
    assert [match.token_string for match in hit.matches] == [" Rome"]
    assert hit.score == hit.matches[0].weight
    (both,) = clusters.search(" ROME\tparis ")
    assert both.cluster == hit.cluster and len(both.matches) == 2
    assert clusters.search("rome cat") == (), "no cluster shares both"
    assert len(clusters.search("x")) == 3 and len(clusters.search("x", top=2)) == 2


@pytest.mark.parametrize("words", ["", "   ", "nothing", "\x00", "<script>", '"' * 10_000, "a " * 5000])
def test_odd_words_find_nothing(clusters, words):
    assert clusters.search(words) == ()


def test_they_are_kept_and_found_again(tmp_path):
    index = SmallIndex(place=tmp_path)
    first = cluster_neurons(index, 3)
    index.asked.clear()
    told = []
    again = cluster_neurons(index, 3, progress=told.append)
    assert index.asked == [] and told == [1] and again.notice == ""
    assert (again.labels == first.labels).all() and again.shared == first.shared
    assert again.listed() == first.listed()


def test_damaged_ones_are_made_again(tmp_path):
    index = SmallIndex(place=tmp_path)
    first = cluster_neurons(index, 3)
    file_of(tmp_path, 3, 0).write_bytes(b"damaged")
    assert cluster_neurons(index, 3).listed() == first.listed()
    index.asked.clear()
    cluster_neurons(index, 3)
    assert index.asked == [], "and kept again"


def test_where_they_cannot_be_kept_they_are_there_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    found = cluster_neurons(SmallIndex(place=tmp_path / "file"), 3)
    assert "could not be kept" in found.notice and len(found.listed()) == 3


def test_who_is_told_may_stop_and_nothing_is_kept(tmp_path):
    def stop(share):
        if share > 0.7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cluster_neurons(SmallIndex(place=tmp_path), 3, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_never_goes_back():
    told = []
    cluster_neurons(SmallIndex(), 3, progress=told.append)
    assert told == sorted(told) and told[-1] == 1 and told[0] > 0


@pytest.mark.parametrize(
    ("n_neurons", "n_clusters"), [(3, 3), (100, 8), (2048, 64), (36_864, 1000), (10**6, 1000)]
)
def test_how_many_clusters(n_neurons, n_clusters):
    assert default_number(n_neurons) == n_clusters


def test_there_are_never_more_clusters_than_neurons():
    found = cluster_neurons(SmallIndex(n_neurons=6, d_mlp=3), 50)
    assert len(found) == 6
    with pytest.raises(ValueError, match="at least 1"):
        cluster_neurons(SmallIndex(), 0)
    assert module.MOST > module.FEWEST
