"""What the meter says besides its bar."""

import pytest

POINTS = [
    {"edges": 10, "retained": 0.2, "random": 0.0, "kl": 3.0, "sameTop": False},
    {"edges": 100, "retained": 0.6, "random": 0.1, "kl": 2.0, "sameTop": True},
]


@pytest.mark.parametrize(("edges", "words"), [(10, "by KL 3.00 nats."), (32, "by about KL 2.49 nats.")])
def test_the_tooltip_says_the_divergence(edges, words, ask_node):
    (hint,) = ask_node(b"", {"ask": "hint", "curve": {"points": POINTS}, "edges": edges})
    assert hint.endswith(words)
