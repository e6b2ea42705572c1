"""Many vectors at once are read as each is alone."""

import math

import numpy as np
import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.anatomy import readings
from llm_tt.anatomy.anatomy_graph import TokenColumns
from llm_tt.anatomy.node_kinds import Reading
from llm_tt.anatomy.readings import Reader, TokenSide
from llm_tt.attribution.target import resolve_target
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.token_ranking import rank_tokens
from llm_tt.model.frozen_norm import FrozenNorm


@pytest.fixture(params=["GPT-2", "Gemma 2"])
def reader(request, open_double, monkeypatch):
    """One that takes three vectors at once."""
    model = open_double(request.param)
    monkeypatch.setattr(readings, "NUMBERS_AT_ONCE", 3 * model.dimensions.d_vocab)
    trace = llm_tt.capture(model, "Readings, as é.")
    return Reader(model, trace, resolve_target(model, trace, position=4), 6)


def read(reader, reading, vectors, side=None):
    found = TokenColumns.empty(len(vectors), reader.top)
    reader.read(reading, vectors, found, np.arange(len(vectors)), side)
    return found


def entropy_of(logits):
    probabilities = logits.softmax(-1)
    return float(-(probabilities * probabilities.log()).sum())


def test_states_are_read_by_the_logit_lens(reader):
    states, token_id = reader.trace.resid_pre[1], reader.target.token_id
    found = read(reader, Reading.STATE, states)
    for place, state in enumerate(states):
        ranking = rank_tokens(reader.model, state, top=300)
        assert tuple(found.promoted[place]) == ranking.token_ids[:6]
        assert_close(found.promoted_by[place].tolist(), list(ranking.probabilities[:6]), atol=1e-6, rtol=1e-5)
        assert found.suppressed[place][0] == ranking.token_ids[-1]
        lowest = ranking.probabilities[:-7:-1]
        assert_close(found.suppressed_by[place].tolist(), list(lowest), atol=1e-9, rtol=1e-5)
        assert found.rank[place] == ranking.token_ids.index(token_id) + 1
        probability = ranking.probabilities[ranking.token_ids.index(token_id)]
        assert found.probability[place] == pytest.approx(probability, rel=1e-5)
        assert found.entropy[place] == pytest.approx(entropy_of(reader.model.read_out(state)), abs=1e-5)


def test_what_is_written_is_read_as_exact_changes(reader):
    written = reader.trace.attention_out[1]
    found = read(reader, Reading.WRITTEN, written)
    for place, vector in enumerate(written):
        said = promoted_tokens(reader.model, reader.trace, vector, 4, top=6)
        assert tuple(found.promoted[place]) == said.promoted.token_ids
        assert tuple(found.suppressed[place]) == said.suppressed.token_ids
        assert_close(found.promoted_by[place].tolist(), list(said.promoted.changes), atol=1e-6, rtol=1e-5)
        assert_close(found.suppressed_by[place].tolist(), list(said.suppressed.changes), atol=1e-6, rtol=1e-5)
    assert np.isnan(found.probability).all()


def test_entropy_does_not_know_how_long_a_vector_is(reader):
    vector = reader.trace.mlp_out[1, 4]
    found = read(reader, Reading.WRITTEN, torch.stack([vector, 100 * vector, vector / 100]))
    assert found.entropy.tolist() == pytest.approx([found.entropy[0]] * 3, abs=1e-4)
    last = reader.trace.stream[-1, 4]
    stretched = vector * last.norm() / vector.norm()
    changes = reader.model.read_part(stretched, reader.trace.final_norm_scale[4])
    assert found.entropy[0] == pytest.approx(entropy_of(changes), abs=1e-5)
    assert 0 < found.entropy[0] < math.log(300)


@pytest.mark.parametrize("cap", [None, 50.0])
@pytest.mark.parametrize("is_normed", [False, True])
def test_directions_meet_tokens(reader, cap, is_normed):
    directions = torch.randn(5, 32, dtype=torch.float64)
    norm = FrozenNorm(torch.randn(32, dtype=torch.float64), is_centred=True, epsilon=1e-5)
    found = read(reader, Reading.LOOKED_FOR, directions, TokenSide(norm if is_normed else None, cap))
    tokens = reader.model.embedding()
    scores = directions @ (tokens / norm.divisor(tokens) if is_normed else tokens).T
    scores = scores if cap is None else cap * torch.tanh(scores / cap)
    assert_close(found.promoted_by.tolist(), scores.topk(6).values.tolist(), atol=1e-5, rtol=1e-5)
    own = scores[:, reader.target.token_id, None]
    assert found.rank.tolist() == (1 + (scores > own).sum(-1)).tolist()


def test_however_little_is_written_it_is_read_the_same(reader):
    """A head may pay so little attention that the square of its message is nothing in single precision."""
    vector = reader.trace.mlp_out[1, 4].float()
    found = read(reader, Reading.WRITTEN, torch.stack([vector, vector * 2**-90, vector * 2**-120]))
    assert (found.promoted == found.promoted[0]).all()
    assert (found.suppressed == found.suppressed[0]).all()
    assert found.rank.tolist() == [found.rank[0]] * 3
    assert found.entropy.tolist() == pytest.approx([found.entropy[0]] * 3, abs=1e-6)
    assert_close(found.promoted_by[1].tolist(), (found.promoted_by[0] * 2**-90).tolist(), atol=0, rtol=1e-6)


def test_nothing_is_read_of_nothing(reader):
    vectors = torch.stack([torch.zeros(32).double(), reader.trace.mlp_out[0, 0]])
    found = read(reader, Reading.WRITTEN, vectors)
    assert (found.promoted[0] == -1).all()
    assert (found.promoted[1] >= 0).all()
    assert found.rank.tolist()[0] == 0 < found.rank.tolist()[1]
    assert np.isnan(found.entropy).tolist() == [True, False]
