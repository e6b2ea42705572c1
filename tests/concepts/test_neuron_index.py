"""Readings and neighbours of an open index."""

import gc
import threading
import weakref

import numpy as np
import pytest

import llm_tt
from llm_tt.concepts.sides import TOKEN_SIDES
from llm_tt.errors import TargetError
from tests.concepts.conftest import PLANTED, build_word_model


def test_readings_of_many_are_those_of_each(word_index):
    some = word_index.readings([3, 200, np.int64(133)])
    assert some == (word_index.reading(0, 3), word_index.reading(1, 72), word_index.reading(1, PLANTED))
    assert word_index.readings(np.array([3, 200, 133])) == some
    assert tuple(some[0].sides) == TOKEN_SIDES
    assert len(some[0].sides["promotes"].token_ids) == 50


def test_neighbours_are_the_closest_directions(word_index, word_model):
    weights = np.concatenate(
        [word_model.layer_weights(layer).neuron_out.double().numpy() for layer in (0, 1)]
    )
    units = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    np.testing.assert_allclose(word_index.directions, units, atol=1e-3)
    cosines = units @ units[128 + 7]
    expected = [number for number in np.argsort(-cosines) if number != 128 + 7][:10]
    found = word_index.neighbours(1, 7)
    assert [n.layer * 128 + n.neuron for n in found] == expected
    np.testing.assert_allclose([n.cosine for n in found], cosines[expected], atol=2e-3)
    assert len(word_index.neighbours(0, 0, top=1000)) == 255
    assert word_index.neighbours(0, 0, top=0) == ()


@pytest.mark.parametrize(("layer", "neuron"), [(2, 0), (0, 128), (-1, 0), (0, -1)])
def test_a_neuron_that_there_is_not(layer, neuron, word_index):
    for look_up in (word_index.reading, word_index.neighbours):
        with pytest.raises(TargetError, match="layers 0 to 1 with neurons 0 to 127"):
            look_up(layer, neuron)


def test_several_threads_search_one_index(word_model, tmp_path):
    index = llm_tt.build_index(word_model, tmp_path)
    expected = index.search("tokyo OR word1*", top=30)
    wrong = []

    def search():
        for _ in range(20):
            if index.search("tokyo OR word1*", top=30) != expected:
                wrong.append(threading.get_ident())

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_index_keeps_no_model_in_memory():
    model = build_word_model()
    index, gone = llm_tt.build_index(model, in_memory=True), weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert index.search("tokyo").n_found > 0
    assert "No token" in index.search("nowhere").hint


def test_it_says_what_it_takes_of_the_memory(word_model, word_index, tmp_path):
    kept = llm_tt.build_index(word_model, tmp_path)
    assert 0 < kept.n_bytes < word_index.n_bytes
