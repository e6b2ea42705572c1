"""Edits of one layer's MLP: of single neurons, of the whole, and directions added beside it."""

from collections.abc import Sequence

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from llm_tt.intervention.blending import Blends, PartEdit, Window
from llm_tt.intervention.positions import chosen
from llm_tt.intervention.steering import Steer


class NeuronEdits:
    """A plan for the activations of some neurons."""

    def __init__(self, edits: Sequence[PartEdit], usual: Float[Tensor, " d_mlp"]) -> None:
        self._edits = edits
        self._neurons = sorted({_neuron_of(edit) for edit in edits})
        self._usual = usual[self._neurons]

    def edited(
        self, window: Window, activations: Float[Tensor, "batch pos d_mlp"]
    ) -> Float[Tensor, "batch pos d_mlp"] | None:
        """The activations after the edits; None where nothing changes."""
        blends = Blends(len(self._neurons), window.stop - window.start)
        for edit in self._edits:
            blends.apply(edit, window, self._neurons.index(_neuron_of(edit)))
        if blends.is_nothing:
            return None
        added = torch.as_tensor(blends.usual) * self._usual[:, None].cpu().double()
        added = (added + torch.as_tensor(blends.constant)).T.to(activations.device, activations.dtype)
        own = torch.as_tensor(blends.own).T.to(activations.device, activations.dtype)
        again = activations.clone()
        again[..., self._neurons] = activations[..., self._neurons] * own + added
        return again


class MlpEdits:
    """A plan for what an MLP writes as a whole, and for the steering of the state behind it."""

    def __init__(
        self,
        edits: Sequence[PartEdit],
        usual: Float[Tensor, " d_model"],
        steering: Sequence[tuple[Steer, Float[Tensor, " d_model"]]],
    ) -> None:
        self._edits = edits
        self._usual = usual
        self._steering = steering

    def factor(self, window: Window, like: Tensor) -> Float[Tensor, " pos"] | None:
        """What the MLP is multiplied by; None where only something is added."""
        return torch.as_tensor(self._blends(window).own).to(like.device, like.dtype) if self._edits else None

    def outside(self, window: Window, like: Tensor) -> Float[Tensor, "pos d_model"] | None:
        """What is added, baselines and steering; None where that is nothing."""
        usual = self._blends(window).usual
        steered = [(chosen(edit.positions, *window), vector) for edit, vector in self._steering]
        if not usual.any() and not any(places for places, _ in steered):
            return None
        added = torch.as_tensor(usual).to(self._usual)[:, None] * self._usual
        for places, vector in steered:
            added[places] += vector.to(added)
        return added.to(like.device, like.dtype)

    def edited(
        self, window: Window, written: Float[Tensor, "batch pos d_model"]
    ) -> Float[Tensor, "batch pos d_model"] | None:
        """What is added to the stream after the edits; None where nothing changes."""
        factor, outside = self.factor(window, written), self.outside(window, written)
        changed = written
        if factor is not None and bool((factor != 1).any()):
            changed = changed * rearrange(factor, "pos -> pos 1")
        if outside is not None:
            changed = changed + outside
        return None if changed is written else changed

    def _blends(self, window: Window) -> Blends:
        blends = Blends(window.stop - window.start)
        for edit in self._edits:
            blends.apply(edit, window)
        return blends


def _neuron_of(edit: PartEdit) -> int:
    neuron = edit.component.neuron
    assert neuron is not None
    return neuron
