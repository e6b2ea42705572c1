"""Where one can go from a part; every neighbour is a part of the same pass."""

import pytest

import llm_tt
from llm_tt.app.inspector.neighbours import neighbours
from llm_tt.lens.written import check_part
from llm_tt.tracing.parts import Part

EXPECTED = {
    "embed@4": {"after": "L0.mid@4"},
    "L0.mid@4": {"before": "embed@4", "after": "L0.post@4"},
    "L0.post@4": {"before": "L0.mid@4", "after": "L1.mid@4", "MLP": "L0.mlp@4"},
    "L1.post@4": {"before": "L1.mid@4", "MLP": "L1.mlp@4"},
    "L0.mid.residual@4": {"carries": "embed@4", "into": "L0.mid@4"},
    "L1.post.residual@4": {"carries": "L1.mid@4", "into": "L1.post@4"},
    "L1.attention@0-4": {"reads": "L0.post@0", "writes": "L1.mid@4"},
    "L0H1@2-4": {"reads": "embed@2", "writes": "L0.mid@4", "head": "L0H1@4"},
    "L1H0@4": {"writes": "L1.mid@4"},
    "L1.mlp@4": {"reads": "L1.mid@4", "writes": "L1.post@4"},
    "L1N3@4": {"of": "L1.mlp@4"},
}
IN_PARALLEL = {
    "embed@4": {"after": "L0.post@4"},
    "L1.post@4": {"before": "L0.post@4", "MLP": "L1.mlp@4"},
    "L1.post.residual@4": {"carries": "L0.post@4", "into": "L1.post@4"},
    "L0H1@2-4": {"reads": "embed@2", "writes": "L0.post@4", "head": "L0H1@4"},
    "L1.mlp@4": {"reads": "L0.post@4", "writes": "L1.post@4"},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_one_after_the_other(name):
    assert names(name, has_mid_states=True) == EXPECTED[name]


@pytest.mark.parametrize("name", IN_PARALLEL)
def test_side_by_side(name):
    assert names(name, has_mid_states=False) == IN_PARALLEL[name]


@pytest.mark.parametrize("family", ["GPT-2", "GPT-NeoX"])
def test_every_neighbour_exists(open_family, family):
    trace = llm_tt.capture(open_family(family), "abcdef")
    expected = IN_PARALLEL if trace.resid_mid is None else EXPECTED
    for name in expected:
        found = neighbours(Part.named(name), n_layers=2, has_mid_states=trace.resid_mid is not None)
        for part in found.values():
            check_part(trace, part)


def names(name, has_mid_states):
    found = neighbours(Part.named(name), n_layers=2, has_mid_states=has_mid_states)
    return {word: str(part) for word, part in found.items()}
