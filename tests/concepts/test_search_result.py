"""What is found is plain: equal searches give equal results, which may be kept and compared."""

import json
from dataclasses import FrozenInstanceError, asdict

import pytest


def test_results_are_values(word_index):
    result = word_index.search("tokyo", top=3)
    assert result == word_index.search("tokyo", top=3)
    assert hash(result) == hash(word_index.search("tokyo", top=3))
    assert json.loads(json.dumps(asdict(result)))["query"] == "tokyo"
    with pytest.raises(FrozenInstanceError):
        result.hits = ()
