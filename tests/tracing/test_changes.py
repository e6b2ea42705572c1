"""What an intervention did is counted in the memory of a trace, without what is only spread out."""

import torch

import llm_tt
from llm_tt.intervention.run import run_with_edits
from llm_tt.tracing.changes import Changes


def test_memory_counts_what_is_held(tiny_model):
    plain = llm_tt.capture(tiny_model, "Some words.")
    assert plain.changes is None
    edits = [llm_tt.Ablate.head(0, 1), llm_tt.Ablate.mlp(1)]
    edited = run_with_edits(tiny_model, "Some words.", edits)
    length, n_heads, d_model = 11, 4, 32
    # A head's factor is the same for all keys; the outside of attention and MLP; the MLP's factor.
    assert edited.changes.n_bytes == 4 * length * (n_heads + d_model + d_model + 1)
    assert edited.n_bytes == plain.n_bytes + edited.changes.n_bytes


def test_nothing_changed_is_nothing_held():
    assert Changes(list, {}, {}, {}, {}).n_bytes == 0
    assert Changes(list, {}, {}, {}, {}).in_words() == ()
    assert Changes(list, {}, {}, {0: torch.ones(3)}, {}).n_bytes == 12
