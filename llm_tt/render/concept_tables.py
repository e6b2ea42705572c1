"""Tables about concepts as plain columns: places of firing, notes."""

from collections.abc import Sequence

from llm_tt.concepts.firing import FiringPlace
from llm_tt.concepts.notes import Note
from llm_tt.render.inspector_tables import Columns
from llm_tt.render.visible_text import visible_token


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
