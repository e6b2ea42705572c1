"""`EditPlan`: edits checked against a model and sorted by layer, with all vectors that they need."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from torch import Tensor

from llm_tt.attribution.baseline import Baseline, baseline_of
from llm_tt.intervention.attention_edits import AttentionEdits
from llm_tt.intervention.blending import PartEdit, needs_usual
from llm_tt.intervention.checking import check_parts
from llm_tt.intervention.edits import Ablate, Edit, Scale
from llm_tt.intervention.late_patterns import has_late_patterns
from llm_tt.intervention.mlp_edits import MlpEdits, NeuronEdits
from llm_tt.intervention.steering import Steer
from llm_tt.intervention.steering_direction import steering_vector
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent

_Item = TypeVar("_Item", bound=Edit)


class EditPlan:
    """What runs need to know; nothing in it belongs to one run.

    Raises:
        TargetError: an edit names a layer, head, neuron or token that the model does not have.
        CapabilityError: it names a neuron, and the model has no single neurons.
        InterventionError: a step from a token to itself.
    """

    def __init__(self, model: LanguageModel, edits: Sequence[Edit], progress: Progress = silent) -> None:
        check_parts(model, edits)
        baseline = baseline_of(model, "mean" if needs_usual(edits) else "zero", progress)
        parts = [edit for edit in edits if not isinstance(edit, Steer)]
        steering = [edit for edit in edits if isinstance(edit, Steer)]
        self.edits = tuple(edits)
        self.attention = _attention(model, parts, baseline)
        self.neurons = {
            layer: NeuronEdits(found, _activations(baseline, layer))
            for layer, found in _by_layer(edit for edit in parts if edit.component.kind == "neuron")
        }
        self.mlps = _mlps(model, parts, steering, baseline)
        in_need = [layer for layer, found in self.attention.items() if found.needs_pattern]
        self.late_layers = tuple(in_need) if in_need and has_late_patterns(model) else ()
        """Layers whose pattern has to come from a run before, in their order."""


def _attention(
    model: LanguageModel, edits: Sequence[PartEdit], baseline: Baseline
) -> dict[int, AttentionEdits]:
    sizes = model.dimensions
    of_heads = [
        edit for edit in edits if isinstance(edit, Ablate | Scale) and edit.component.kind in ("head", "edge")
    ]
    return {
        layer: AttentionEdits(found, sizes.n_heads, baseline.values[layer], sizes.attention_sinks)
        for layer, found in _by_layer(of_heads)
    }


def _mlps(
    model: LanguageModel, edits: Sequence[PartEdit], steering: Sequence[Steer], baseline: Baseline
) -> dict[int, MlpEdits]:
    whole = dict(_by_layer(edit for edit in edits if edit.component.kind == "mlp"))
    steered = dict(_by_layer(steering))
    return {
        layer: MlpEdits(
            whole.get(layer, []),
            baseline.mlp_out[layer],
            [(edit, steering_vector(model, edit)) for edit in steered.get(layer, [])],
        )
        for layer in sorted({*whole, *steered})
    }


def _by_layer(edits: Iterable[_Item]) -> list[tuple[int, list[_Item]]]:
    found: dict[int, list[_Item]] = {}
    for edit in edits:
        found.setdefault(edit.layer, []).append(edit)
    return sorted(found.items())


def _activations(baseline: Baseline, layer: int) -> Tensor:
    """What neurons usually are; only models with single neurons come here."""
    assert baseline.activations is not None
    return baseline.activations[layer]
