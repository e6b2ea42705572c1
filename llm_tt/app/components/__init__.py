"""Browser components: plain ES modules, no build step, nothing from a network."""

from pathlib import Path

_FOLDER = Path(__file__).parent

ICON = _FOLDER / "icon.svg"
"""Our mark: two tokens below, one above, and the routes between. Local, so that no page asks a network."""


def read_source(name: str) -> str:
    """The text of a component's .js or .css file."""
    return (_FOLDER / name).read_text(encoding="utf-8")
