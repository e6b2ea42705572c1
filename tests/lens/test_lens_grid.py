"""The grid is what the lens says of every state, one by one."""

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens import lens_grid as module
from llm_tt.lens.lens_grid import lens_grid
from llm_tt.lens.position_overview import overview_of
from llm_tt.lens.state_reading import states_of

TEXT = "Some words."


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J", "Gemma 2", "Mixtral"])
@pytest.mark.parametrize("every_state", [False, True])
@pytest.mark.parametrize("rows_at_once", [10**6, 7, 1])
def test_each_cell_is_the_overviews_state(family, every_state, rows_at_once, open_family, monkeypatch):
    model = open_family(family)
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", rows_at_once * model.dimensions.d_vocab)
    trace = llm_tt.capture(model, TEXT)
    grid = lens_grid(model, trace, 17, every_state=every_state)
    n_rows = 5 if every_state and trace.resid_mid is not None else 3
    assert grid.token_ids.shape == grid.entropies.shape == (n_rows, len(TEXT)) == (n_rows, grid.n_positions)
    assert set(grid.target_ids) == {17}
    assert set(grid.target_tokens) == set(model.token_strings([17]))
    assert grid.n_vocabulary == model.dimensions.d_vocab
    for position in range(len(TEXT)):
        target = resolve_target(model, trace, position=position, token=17)
        states = {state.part: state for state in overview_of(model, trace, target).states}
        read = [grid.part(row, position) for row in range(n_rows)]
        assert read == [part for part in states_of(trace, position) if every_state or part.stage != "mid"]
        for row, part in enumerate(read):
            state, cell = states[part], (row, position)
            assert grid.token_ids[cell] == state.token_id
            assert grid.tokens[row][position] == state.token
            assert grid.probabilities[cell] == pytest.approx(state.probability, rel=1e-4)
            assert grid.entropies[cell] == pytest.approx(state.entropy, rel=1e-4)
            assert grid.target_ranks[cell] == state.target_rank
            assert grid.target_probabilities[cell] == pytest.approx(state.target_probability, rel=1e-4)


def test_without_a_target_each_position_follows_its_own_prediction(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    grid = lens_grid(tiny_model, trace)
    assert grid.target_ids == tuple(trace.logits.argmax(-1).tolist())
    assert (grid.target_ranks[-1] == 1).all()
    assert np.array_equal(grid.target_probabilities[-1], grid.probabilities[-1])
    assert grid.tokens[-1] == grid.target_tokens
    middle = trace.stream[1].detach()
    expected = tiny_model.read_out(middle).softmax(-1)[range(len(TEXT)), list(grid.target_ids)]
    assert grid.target_probabilities[1] == pytest.approx(expected.tolist(), rel=1e-4)


def test_progress_is_told_and_may_stop_it(tiny_model, monkeypatch):
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 10 * tiny_model.dimensions.d_vocab)
    trace = llm_tt.capture(tiny_model, TEXT)
    told = []
    lens_grid(tiny_model, trace, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) == 4

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lens_grid(tiny_model, trace, progress=stop)
    assert torch.equal(llm_tt.capture(tiny_model, TEXT).logits, trace.logits)


def test_what_cannot_be_read_is_said(tiny_model, without_lens):
    trace = llm_tt.capture(tiny_model, TEXT)
    with pytest.raises(TargetError, match="token number 300"):
        lens_grid(tiny_model, trace, 300)
    without_lens(tiny_model)
    with pytest.raises(CapabilityError, match="switched off"):
        lens_grid(tiny_model, trace)
