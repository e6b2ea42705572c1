"""What members share, counted by hand."""

import numpy as np
import pytest

from llm_tt.concepts import shared_tokens as module
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.concepts.shared_tokens import SharedToken, shared_tokens
from llm_tt.lens.promotion import TokenChanges
from llm_tt.tracing.progress import silent
from tests.concepts.small_index import SmallIndex, SmallReading


@pytest.mark.parametrize("at_once", [7, 1024])
def test_weights_are_sums_over_the_members(monkeypatch, at_once):
    monkeypatch.setattr(module, "READ_AT_ONCE", at_once)
    index = SmallIndex()
    told = []
    shared = shared_tokens(index, np.arange(60, dtype=np.int32) % 3, 3, told.append)
    assert index.asked == list(range(60)), "each once, in the order of the file"
    assert told[-1] == 1
    first, second, third, everybody = shared[1]
    assert (first.token_string, first.n_members) == (" cat", 20)
    assert first.weight == pytest.approx(20 * (8 / 2) / np.log2(2))
    assert second.weight == pytest.approx(20 * (6 / 2) / np.log2(3))
    assert third.weight == pytest.approx(20 * (4 / 2) / np.log2(4))
    assert everybody.token_string == " x"


class Lists(NeuronIndex):
    """Readings that are given."""

    def __init__(self, *lists, spread=1.0):
        self._lists, self._spread = lists, spread

    def readings(self, ids):
        """The lists that were given."""
        return [SmallReading(self._spread, {"promotes": self._tokens(self._lists[i])}) for i in ids]

    @staticmethod
    def _tokens(ids):
        return TokenChanges(tuple(ids), tuple(map(str, ids)), (1.0,) * len(ids))


def shared_by(*lists, labels=None, n_clusters=1, **options):
    labels = np.zeros(len(lists), np.int32) if labels is None else np.array(labels, np.int32)
    return shared_tokens(Lists(*lists, **options), labels, n_clusters, silent)


def test_what_only_one_member_has_is_not_shared():
    (shared,) = shared_by([1, 2], [2, 3], [4])
    assert shared == (SharedToken(2, "2", float(1 / np.log2(3) + 1), 2),)


def test_clusters_without_anything_shared_have_no_name():
    assert shared_by([1], [2], [2], [], labels=[0, 0, 3, 3], n_clusters=5) == ((),) * 5


def test_equal_weights_keep_the_order_of_the_vocabulary():
    (shared,) = shared_by([9], [9], [5], [5], [7], [7])
    assert [token.token_id for token in shared] == [5, 7, 9]


def test_a_neuron_that_writes_nothing_weighs_nothing():
    assert shared_by([1], [1], spread=0.0) == ((),)


def test_long_lists_end(monkeypatch):
    monkeypatch.setattr(module, "MOST_SHARED", 3)
    (shared,) = shared_by(range(9), range(9))
    assert [token.token_id for token in shared] == [0, 1, 2]
