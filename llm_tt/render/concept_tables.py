"""Tables about concepts as plain columns: clusters, neurons beside each other, places of firing, notes."""

from collections.abc import Mapping, Sequence
from typing import Final

from llm_tt.concepts.clusters import ClusterRow
from llm_tt.concepts.firing import FiringPlace
from llm_tt.concepts.notes import Note
from llm_tt.intervention.components import Component
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.visible_text import visible_token

CLUSTER_COLUMNS: Final = {
    "shares": "Tokens that at least two of its neurons promote, strongest first.",
    "cohesion": "Mean cosine of its neurons' output directions to their centre.",
    "by chance": "The cohesion of as many directions without any meaning, clustered in the same way.",
}
"""What the columns of clusters mean."""


def cluster_columns(rows: Sequence[ClusterRow]) -> Columns:
    """Clusters in the order of their rows."""
    return {
        "cluster": [row.cluster for row in rows],
        "shares": [" ".join(map(visible_token, row.name)) for row in rows],
        "neurons": [row.size for row in rows],
        "cohesion": [row.cohesion for row in rows],
        "by chance": [row.chance for row in rows],
    }


def cosine_columns(
    neurons: Sequence[tuple[int, int, float]],
    names: Mapping[str, str],
    promoted: Sequence[Sequence[str]] = (),
) -> Columns:
    """Members of a cluster or neighbours, as (layer, neuron, cosine); `names` are a person's own.

    The column of names is left out where none has one, that of tokens where `promoted` is empty.
    """
    components = [str(Component("neuron", layer, neuron=neuron)) for layer, neuron, _ in neurons]
    columns: Columns = {"neuron": list(components)}
    if any(component in names for component in components):
        columns["name"] = [names.get(component, "") for component in components]
    columns["cosine"] = [cosine for _, _, cosine in neurons]
    if promoted:
        columns["promotes"] = [" ".join(map(visible_token, tokens)) for tokens in promoted]
    return columns


def firing_columns(places: Sequence[FiringPlace]) -> Columns:
    """Where a neuron fires, each place with the text around it; prompts are counted from 1."""
    return {
        "activation": [place.activation for place in places],
        "before": [_text(place.before) for place in places],
        "token": [visible_token(place.token) for place in places],
        "after": [_text(place.after) for place in places],
        "prompt": [place.prompt_index + 1 for place in places],
        "position": [place.position for place in places],
    }


def skipped_columns(skipped: Sequence[tuple[int, str]]) -> Columns:
    """Prompts that could not be read."""
    return {"prompt": [index + 1 for index, _ in skipped], "why not": [reason for _, reason in skipped]}


def note_columns(notes: Sequence[Note]) -> Columns:
    """A person's notes; times to the minute, in UTC."""
    return {
        "part": [note.component for note in notes],
        "name": [note.name for note in notes],
        "note": [note.text for note in notes],
        "changed (UTC)": [note.changed[:16].replace("T", " ") for note in notes],
    }


def _text(tokens: Sequence[str]) -> str:
    return "".join(visible_token(token) for token in tokens)
