"""Runs under edits: as many as it takes until every pattern that edits need is known."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import InterventionError
from llm_tt.intervention.edit_hooks import EditHooks
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, after_each_layer, silent, within


@torch.no_grad()
def settle(
    model: LanguageModel, token_ids: Sequence[int], hooks: EditHooks, progress: Progress = silent
) -> Progress:
    """Run until all patterns are known; the progress of the run that is still to come."""
    n_turns = 1 + len(hooks.missing)
    for turn in range(n_turns - 1):
        telling = within(progress, turn / n_turns, (turn + 1) / n_turns)
        model.run(token_ids, [*hooks.hooks(), *after_each_layer(model.dimensions.n_layers, telling)])
    return within(progress, (n_turns - 1) / n_turns, 1.0)


@torch.no_grad()
def edited_logits(
    model: LanguageModel, token_ids: Sequence[int], hooks: EditHooks, progress: Progress = silent
) -> Float[Tensor, "pos d_vocab"]:
    """The predictions of a whole text under edits."""
    with model.lock:
        telling = settle(model, token_ids, hooks, progress)
        last = after_each_layer(model.dimensions.n_layers, telling)
        return refuse_damage(model.run(token_ids, [*hooks.hooks(), *last]))


def refuse_damage(logits: Float[Tensor, "*pos d_vocab"]) -> Float[Tensor, "*pos d_vocab"]:
    """Predictions of an edited run, if they are numbers.

    Raises:
        InterventionError: they are none any more.
    """
    if not bool(logits.isnan().any()):
        return logits
    raise InterventionError(
        asked="Run the model with edits.",
        found="Its predictions are no numbers any more (NaN).",
        remedy="Make the edits weaker.",
    )
