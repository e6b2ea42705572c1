"""The logit lens on every state of a prompt at once: layers by positions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.attribution.target import token_id_of
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE, summary_of
from llm_tt.lens.state_reading import states_of
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part, Stage
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class LensGrid:
    """What every state predicts, and how one token fares there; plain arrays."""

    rows: tuple[tuple[int, Stage], ...]
    """Layer and stage of each row, the embedding first."""
    token_ids: Int[np.ndarray, "row pos"]
    """The most likely token."""
    tokens: tuple[tuple[str, ...], ...]
    """Those tokens as text, one tuple a row."""
    probabilities: Float[np.ndarray, "row pos"]
    """Of that token."""
    entropies: Float[np.ndarray, "row pos"]
    """Of the whole prediction, in nats."""
    target_ids: tuple[int, ...]
    """The token that is followed at each position."""
    target_tokens: tuple[str, ...]
    target_ranks: Int[np.ndarray, "row pos"]
    """1 is the best."""
    target_probabilities: Float[np.ndarray, "row pos"]
    n_vocabulary: int
    """How many tokens there are: the worst rank."""

    @property
    def n_positions(self) -> int:
        """How many tokens the prompt has."""
        return len(self.target_ids)

    def part(self, row: int, position: int) -> Part:
        """The state of a cell."""
        layer, stage = self.rows[row]
        return Part("state", layer, position, stage=stage)


@torch.no_grad()
def lens_grid(
    model: LanguageModel,
    trace: ForwardTrace,
    target_token_id: int | None = None,
    progress: Progress | None = None,
    *,
    every_state: bool = False,
) -> LensGrid:
    """Read the states that leave each layer, the embedding first; with `every_state` those in between too.

    Without a target, each position follows the model's own prediction there.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: there is no such token.
    """
    check_lens(model)
    n_positions = len(trace.prompt)
    own = trace.logits.argmax(-1)
    if target_token_id is not None:
        own = torch.full_like(own, token_id_of(model, target_token_id))
    states = states_of(trace, 0)
    rows = [(s.layer, s.stage) for s in states if every_state or s.stage != "mid"]
    ids, numbers = _read(model, trace, [_states_in(trace, *row) for row in rows], own, progress or silent)
    token_ids, target_ranks = ids.reshape(2, len(rows), n_positions)
    probabilities, entropies, target_probabilities = numbers.reshape(3, len(rows), n_positions)
    target_ids = own.tolist()
    return LensGrid(
        rows=tuple((layer, stage) for layer, stage in rows if stage is not None),
        token_ids=token_ids,
        tokens=_strings(model, token_ids),
        probabilities=probabilities,
        entropies=entropies,
        target_ids=tuple(target_ids),
        target_tokens=model.token_strings(target_ids),
        target_ranks=target_ranks,
        target_probabilities=target_probabilities,
        n_vocabulary=model.dimensions.d_vocab,
    )


def _states_in(trace: ForwardTrace, layer: int, stage: Stage | None) -> Float[Tensor, "pos d_model"]:
    """The states of a row; a view."""
    if stage == "mid":
        assert trace.resid_mid is not None
        return trace.resid_mid[layer]
    return trace.stream[layer + 1]


def _read(
    model: LanguageModel,
    trace: ForwardTrace,
    rows: Sequence[Float[Tensor, "pos d_model"]],
    own: Int[Tensor, " pos"],
    progress: Progress,
) -> tuple[Int[np.ndarray, "2 cell"], Float[np.ndarray, "3 cell"]]:
    """All cells, row by row; the last row is the model's own prediction."""
    n_positions, n_cells = len(own), len(rows) * len(own)
    ids = np.empty((2, n_cells), dtype=np.int64)
    numbers = np.empty((3, n_cells), dtype=np.float64)
    at_once = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    for start in range(0, n_cells, at_once):
        places = [divmod(cell, n_positions) for cell in range(start, min(start + at_once, n_cells))]
        inner = [rows[row][position] for row, position in places if row < len(rows) - 1]
        last = [position for row, position in places if row == len(rows) - 1]
        logits = model.read_out(torch.stack(inner)).to(trace.logits.dtype) if inner else trace.logits[last]
        if inner and last:
            logits = torch.cat([logits, trace.logits[last]])
        read = summary_of(logits, own[[position for _, position in places]])
        found = slice(start, start + len(places))
        ids[:, found] = torch.stack([read.token_ids, read.target_ranks]).cpu().numpy()
        columns = (read.probabilities, read.entropies, read.target_probabilities)
        numbers[:, found] = torch.stack(columns).cpu().double().numpy()
        progress((start + len(places)) / n_cells)
    return ids, numbers


def _strings(model: LanguageModel, token_ids: Int[np.ndarray, "row pos"]) -> tuple[tuple[str, ...], ...]:
    """Each token is spelled once, however often it is predicted."""
    known = np.unique(token_ids).tolist()
    spelled = dict(zip(known, model.token_strings(known), strict=True))
    return tuple(tuple(spelled[token_id] for token_id in row) for row in token_ids.tolist())
