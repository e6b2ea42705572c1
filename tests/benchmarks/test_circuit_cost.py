"""Reading heads of GPT-2 small's shape: a token at once, directions soon, pairs within a limit."""

import time

import pytest

import llm_tt
from llm_tt.concepts import head_tokens

pytestmark = pytest.mark.benchmark

SINGLE, DIRECTIONS, PAIRS = 0.05, 0.5, 5.0
"""Goals in seconds."""


@pytest.fixture(scope="module")
def model():
    return llm_tt.load_model("untrained-gpt2-small")


def quickest(read, capsys, name: str, n_times: int = 9) -> float:
    read()  # what is kept for a model is computed the first time
    times = []
    for _ in range(n_times):
        start = time.perf_counter()
        read()
        times.append(time.perf_counter() - start)
    with capsys.disabled():
        middle = sorted(times)[n_times // 2]
        print(f"\n{name}: quickest {min(times) * 1000:.0f} ms, usual {middle * 1000:.0f} ms")  # noqa: T201
    return min(times)


@pytest.mark.parametrize("name", ["ov_tokens", "looked_for", "looked_for_by"])
def test_one_token(name, model, capsys):

    read = getattr(head_tokens, name)
    assert quickest(lambda: read(model, 5, 3, 40), capsys, name) <= SINGLE


@pytest.mark.parametrize("space", ["embedding", "unembedding"])
def test_nearest_tokens(space, model, capsys):
    read = lambda: llm_tt.nearest_tokens(model, 40, space)  # noqa: E731
    assert quickest(read, capsys, f"nearest by {space}") <= SINGLE


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_directions(circuit, model, capsys):
    read = lambda: llm_tt.singular_directions(model, 5, 3, circuit)  # noqa: E731
    assert quickest(read, capsys, f"directions of {circuit}", 5) <= DIRECTIONS


@pytest.mark.parametrize("circuit", ["OV", "QK"])
def test_pairs(circuit, model, capsys):
    """Random weights are the worst case: all tokens are equally long, so nearly nothing is excluded."""
    found = llm_tt.strongest_pairs(model, 5, 3, circuit, seconds=PAIRS)
    with capsys.disabled():
        print(  # noqa: T201
            f"\npairs of {circuit}: {found.proven:.1%} proven in {found.seconds:.1f} s"
        )
    assert found.seconds <= PAIRS + 0.5
    assert found.proven > 0
