"""Where patterns come too late, each layer with edits of messages takes a run of its own first."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.edited_run import edited_logits, settle
from llm_tt.intervention.edits import Ablate, Scale
from llm_tt.intervention.run import run_with_edits

TEXT = "Some words."


class Counting:
    """A model that counts its runs."""

    def __init__(self, model):
        self._model, self.runs = model, 0

    def __getattr__(self, name):
        return getattr(self._model, name)

    def run(self, token_ids, hooks=()):
        """One run more."""
        self.runs += 1
        return self._model.run(token_ids, hooks)


@pytest.mark.parametrize(
    ("family", "edits", "runs"),
    [
        ("GPT-2", [Ablate.edge(0, 1), Ablate.edge(1, 2)], 1),
        ("GPT-J", [Ablate.edge(0, 1), Ablate.edge(1, 2)], 3),
        ("GPT-J", [Ablate.edge(1, 2), Ablate.head(0, 1)], 2),
        ("GPT-J", [Ablate.head(0, 1), Scale.mlp(1, 2.0)], 1),
    ],
)
def test_runs_and_their_progress(family, edits, runs, open_family):
    model = open_family(family)
    prompt = model.tokenize(TEXT)
    counting, told = Counting(model), []
    found = edited_logits(counting, prompt.token_ids, EditHooks(EditPlan(model, edits), 11), told.append)
    assert counting.runs == runs
    assert told == pytest.approx([(step + 1) / (2 * runs) for step in range(2 * runs)])
    assert_close(found, run_with_edits(model, prompt, edits).logits, atol=1e-5, rtol=1e-5)


def test_what_is_settled_needs_no_run_more(open_family):
    model = open_family("OPT")
    counting = Counting(model)
    prompt = model.tokenize(TEXT)
    hooks = EditHooks(EditPlan(model, [Ablate.edge(0, 1)]), 11)
    assert hooks.missing == [0]
    settle(counting, prompt.token_ids, hooks)
    assert (counting.runs, hooks.missing) == (1, [])
    settle(counting, prompt.token_ids, hooks)
    assert counting.runs == 1


def test_no_gradients_are_recorded(open_family):
    model = open_family("GPT-J")
    with torch.enable_grad():
        logits = edited_logits(
            model, model.tokenize(TEXT).token_ids, EditHooks(EditPlan(model, [Ablate.edge(0, 1)]), 11)
        )
    assert not logits.requires_grad
