"""`EditHooks`: the hooks of one edited run, and what they have seen so far.

A run may come in steps, as generation with a cache does: each step shows only its new positions, so the hooks
know how many were there before. Where patterns come too late, a run is repeated until all are known.
"""

from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor

from llm_tt.intervention.blending import Window
from llm_tt.intervention.edit_plan import EditPlan
from llm_tt.intervention.late_patterns import live_column
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook


class EditHooks:
    """For one text; edits count its positions, of which the first ones are the prompt's."""

    def __init__(self, plan: EditPlan, n_prompt: int, known: Mapping[int, Tensor] | None = None) -> None:
        self._plan = plan
        self._n_prompt = n_prompt
        self._n_seen = 0
        self._late: dict[int, Tensor] = dict(known or {})
        self._waiting_for: int | None = None
        self._columns: dict[int, Tensor] = {}
        self._values: dict[tuple[int, int], Tensor] = {}
        self._live: dict[int, Tensor] = {}

    @property
    def missing(self) -> list[int]:
        """Layers whose pattern is not known yet: each takes a run before the one that counts."""
        return [layer for layer in self._plan.late_layers if layer not in self._late]

    def seen(self, n_positions: int) -> None:
        """A step of a run is over; the next one begins behind its positions."""
        self._n_seen += n_positions

    def hooks(self) -> list[Hook]:
        """In the order of layers; nothing is edited from the layer on whose pattern is missing."""
        end = self._waiting_for = next(iter(self.missing), None)
        hooks: list[Hook] = []
        for layer, edits in self._plan.attention.items():
            if edits.needs_pattern:
                hooks.append(Hook(Site.VALUES, layer, partial(self._see_values, layer)))
                hooks.append(Hook(Site.PATTERN, layer, partial(self._see_pattern, layer)))
            if end is None or layer < end:
                hooks.append(Hook(Site.HEAD_MIX, layer, partial(self._mix, layer)))
        for layer in self._plan.neurons:
            hooks.append(Hook(Site.NEURONS, layer, partial(self._activate, layer)))
        for layer in self._plan.mlps:
            hooks.append(Hook(Site.MLP_OUT, layer, partial(self._write, layer)))
        return hooks

    def _window(self, tensor: Tensor) -> Window:
        return Window(self._n_seen, self._n_seen + tensor.shape[1], self._n_prompt)

    def _see_values(self, layer: int, values: Tensor) -> Tensor | None:
        """In late families a view of our own is handed on: what the hook sees is a copy of what flows."""
        handed_on = None
        if layer in self._plan.late_layers and torch.is_grad_enabled():
            handed_on = self._live[layer] = values = values.view_as(values)
        for key in self._plan.attention[layer].keys:
            if 0 <= key - self._n_seen < values.shape[1]:
                self._values[layer, key] = values[:, key - self._n_seen]
        return handed_on

    def _see_pattern(self, layer: int, pattern: Tensor) -> None:
        """Where layers attend to a stretch of text only, a pattern shows the last keys."""
        first_key = self._n_seen + pattern.shape[2] - pattern.shape[3]
        columns = self._plan.attention[layer].columns(pattern, first_key)
        if layer not in self._plan.late_layers:
            self._columns[layer] = columns
        elif layer == self._waiting_for:
            self._late[layer] = columns

    def _mix(self, layer: int, mixed: Tensor) -> Tensor | None:
        edits = self._plan.attention[layer]
        blends = edits.blends(self._window(mixed))
        live = self._live.pop(layer, None)
        if blends.is_nothing:
            return None
        heads = mixed.reshape(*mixed.shape[:2], blends.own.shape[1], -1)
        columns = self._columns_for(layer, heads, live) if edits.needs_pattern else None
        values = [self._values.get((layer, key)) for key in edits.keys]
        return edits.edited(blends, heads, columns, values).reshape(mixed.shape)

    def _columns_for(self, layer: int, mixed: Tensor, live: Tensor | None) -> Tensor:
        if layer not in self._plan.late_layers:
            return self._columns.pop(layer)
        known = self._late[layer][:, :, : mixed.shape[1]].to(mixed.device, mixed.dtype)
        known = known.expand(mixed.shape[0], -1, -1, -1)
        if live is None or not (torch.is_grad_enabled() and mixed.requires_grad):
            return known
        # The same numbers, but with the gradient that they have in the model.
        keys = self._plan.attention[layer].keys
        found = [live_column(mixed, live, key) if key < live.shape[1] else None for key in keys]
        columns = [known[..., 0], *(known[..., 1 + n] if c is None else c for n, c in enumerate(found))]
        return torch.stack(columns, dim=-1)

    def _activate(self, layer: int, activations: Tensor) -> Tensor | None:
        return self._plan.neurons[layer].edited(self._window(activations), activations)

    def _write(self, layer: int, written: Tensor) -> Tensor | None:
        return self._plan.mlps[layer].edited(self._window(written), written)
