"""`flow`: the anatomy of some layers at one position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from llm_tt.anatomy.anatomy_graph import AnatomyGraph, NodeColumns, TokenColumns
from llm_tt.anatomy.attention_block import AttentionBlock
from llm_tt.anatomy.circuit_directions import notes_on
from llm_tt.anatomy.drafting import Draft, Places
from llm_tt.anatomy.measures import Measure, Numbers, check_measure
from llm_tt.anatomy.meetings import Meetings
from llm_tt.anatomy.mlp_block import GATED, add_mlp
from llm_tt.anatomy.node_kinds import MEETS_TOKENS, READING_OF, NodeKind, Reading
from llm_tt.anatomy.readings import Reader, TokenSide
from llm_tt.attribution.run_record import explained_of
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.errors import TargetError
from llm_tt.lens.target_direction import target_direction
from llm_tt.model.language_model import LanguageModel, NeuronInputs
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.trace import ForwardTrace

DRAWING: Final = 0.3
"""Of the work; the rest is reading."""


@torch.no_grad()
def flow(  # noqa: PLR0913 (which layers, for which target, and how much is shown)
    model: LanguageModel,
    trace: ForwardTrace,
    layers: int | Sequence[int],
    target: Target | int | str | None = None,
    *,
    position: int = -1,
    contrast: int | str | None = None,
    measure: Measure = "contribution",
    numbers: Numbers | None = None,
    top: int = 5,
    progress: Progress | None = None,
) -> AnatomyGraph:
    """What flows through some layers at one position, down to single neurons, every node read as tokens.

    Args:
        model: The model that the trace was taken from.
        trace: One forward pass.
        layers: One, or several that follow each other.
        target: The token that all is weighed for: a `Target`, which has its own position and contrast, an id
            or a text; None for the model's own prediction.
        position: Where all of it is; not used with a `Target`.
        contrast: Weigh the difference from this token; not used with a `Target`.
        measure: By what parts are chosen: "contribution", "norm" or "attention".
        numbers: How many parts of each sort have nodes of their own.
        top: How many tokens of each reading are kept, at either end.
        progress: Called with the finished share, layer by layer; what it raises stops the work.

    Raises:
        TargetError: there are no such layers, or position, token and contrast make no target.
        GraphError: there is no such measure, or the numbers show nothing.
        CapabilityError: the logit lens is switched off for this model.
    """
    numbers = numbers or Numbers()
    check_measure(measure, numbers, top)
    shown = _checked_layers(trace, layers)
    if not isinstance(target, Target):
        target = resolve_target(model, trace, position=position, token=target, contrast=contrast)
    reader = Reader(model, trace, target, min(top, model.dimensions.d_vocab))
    return _dissected(reader, shown, measure, numbers, progress or silent)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is known of the layers besides the draft."""

    meetings: dict[int, Meetings]
    notes: tuple[str, ...]
    neuron_notes: tuple[str, ...]


def _dissected(
    reader: Reader, layers: tuple[int, ...], measure: Measure, numbers: Numbers, tell: Progress
) -> AnatomyGraph:
    """Drawn first, then read."""
    model, trace, target = reader.model, reader.trace, reader.target
    draft = Draft(target.position, target_direction(model, trace, target).to(trace.stream))
    drawn = _drawn(draft, model, trace, layers, measure, numbers, within(tell, 0.0, DRAWING))
    read = _read_all(reader, draft, drawn.meetings, within(tell, DRAWING, 1.0))
    return AnatomyGraph(
        prompt=trace.prompt,
        target=target,
        layers=layers,
        measure=measure,
        n_vocabulary=model.dimensions.d_vocab,
        has_parallel_blocks=trace.resid_mid is None,
        notes=drawn.notes,
        neuron_notes=drawn.neuron_notes,
        nodes=_columns(draft, read),
        edges=draft.edges(),
        texts=_texts(model, target, read),
        explained=explained_of(model, trace, target),
        is_edited=trace.changes is not None,
    )


def _texts(model: LanguageModel, target: Target, read: TokenColumns) -> dict[int, str]:
    """Of every token that is named anywhere."""
    own = [target.token_id, *([] if target.contrast_id is None else [target.contrast_id])]
    named = np.unique(np.concatenate([read.promoted.ravel(), read.suppressed.ravel(), own]))
    token_ids = named[named >= 0].tolist()
    return dict(zip(token_ids, model.token_strings(token_ids), strict=True))


def _drawn(  # noqa: PLR0913 (as `flow`)
    draft: Draft,
    model: LanguageModel,
    trace: ForwardTrace,
    layers: tuple[int, ...],
    measure: Measure,
    numbers: Numbers,
    tell: Progress,
) -> "_Drawn":
    """Layer after layer into the draft; how each meets tokens, and what has to be said."""
    state = draft.add(NodeKind.INPUT, layers[0], trace.resid_pre[layers[0], draft.position][None])
    meetings: dict[int, Meetings] = {}
    notes: dict[str, None] = {}
    neuron_notes: dict[str, None] = {}
    for done, layer in enumerate(layers, start=1):
        inputs, neurons = model.head_inputs(layer), model.neuron_inputs(layer)
        meetings[layer] = Meetings.of_layer(model, layer, inputs)
        notes |= dict.fromkeys(notes_on(inputs))
        neuron_notes |= dict.fromkeys((GATED,) if neurons is not None and neurons.factor is not None else ())
        weights = model.layer_weights(layer)
        block = AttentionBlock(draft, model, trace, layer, weights, measure, numbers, inputs)
        state = _add_layer(block, neurons, state)
        tell(done / len(layers))
    return _Drawn(meetings, tuple(notes), tuple(neuron_notes))


def _brief(layers: tuple[int, ...]) -> str:
    return str(list(layers)) if len(layers) <= 10 else f"{layers[0]} to {layers[-1]}"


def _checked_layers(trace: ForwardTrace, layers: int | Sequence[int]) -> tuple[int, ...]:
    shown = (layers,) if isinstance(layers, int) else tuple(layers)
    last = trace.n_layers - 1
    follow = shown == tuple(range(shown[0], shown[0] + len(shown))) if shown else False
    if not follow or shown[0] < 0 or shown[-1] > last:
        raise TargetError(
            asked=f"Draw the layers {_brief(shown)}.",
            found=f"The model has the layers 0 to {last}, and those drawn follow each other.",
            remedy=f"Ask for one of them, or for a range such as range(0, {min(2, last + 1)}).",
        )
    return shown


def _add_layer(block: AttentionBlock, neurons: NeuronInputs | None, state: Places) -> Places:
    """One layer behind a state; the state that leaves it."""
    draft, trace, layer = block.draft, block.trace, block.layer
    begin, attention = block.add(state)
    behind = state
    if trace.resid_mid is not None:
        behind = draft.add(NodeKind.MID, layer, trace.resid_mid[layer, draft.position][None])
        draft.connect(attention, behind, "attention", draft.amounts_at(attention))
        draft.connect(state, behind, "residual", draft.amounts_at(state))
    read = begin if block.model.block_norms(layer).is_shared else behind
    mlp = add_mlp(block, read, neurons)
    output = draft.add(NodeKind.OUTPUT, layer, trace.resid_post[layer, draft.position][None])
    if trace.resid_mid is None:
        draft.connect(attention, output, "attention", draft.amounts_at(attention))
    draft.connect(behind, output, "residual", draft.amounts_at(behind))
    draft.connect(mlp, output, "mlp", draft.amounts_at(mlp))
    return output


def _read_all(reader: Reader, draft: Draft, meetings: dict[int, Meetings], tell: Progress) -> TokenColumns:
    """All nodes that are read in one way at once, whatever their layer: one product for all of them."""
    read, vectors = TokenColumns.empty(len(draft.nodes), reader.top), draft.vectors
    groups: dict[object, tuple[Reading, TokenSide | None, list[int]]] = {}
    for place, node in enumerate(draft.nodes):
        reading, side = READING_OF[node.kind], None
        if reading in MEETS_TOKENS:
            side, factor = meetings[node.layer].of(reading)
            vectors[place] *= factor
        name = reading if side is None else side.name
        groups.setdefault(name, (reading, side, []))[2].append(place)
    for done, (reading, side, places) in enumerate(groups.values(), start=1):
        reader.read(reading, vectors[places], read, np.array(places), side)
        tell(done / len(groups))
    return read


def _columns(draft: Draft, read: TokenColumns) -> NodeColumns:
    amounts = draft.amounts
    return NodeColumns(
        what=tuple(draft.nodes),
        count=np.array(draft.counts, np.int32),
        vectors=_array(draft.vectors),
        contribution=_array(amounts.contribution),
        norm=_array(amounts.norm),
        coefficient=_array(draft.coefficients),
        **vars(read),
    )


def _array(tensor: Tensor) -> np.ndarray:
    array: np.ndarray = tensor.cpu().numpy()
    return array
