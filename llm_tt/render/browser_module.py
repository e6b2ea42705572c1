"""Browser code that is written in many files, as one text: no build step, and nothing from a network.

The files import each other as any modules do, from their own folder ("./x.js") or from one beside it
("../canvas/x.js"). Where only one file can be given (a component, a notebook, a page that is kept),
`folded_module` folds them into one, each in a function of its own, so that their private names stay private.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

CANVAS: Final = Path(__file__).parent / "canvas"
"""What all pictures share: paper, stage, camera, colours, letters, files."""

_IMPORT: Final = re.compile(r'^import (\{[^}]*\}) from "((?:\./|\.\./\w+/)\w+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)


@cache
def folded_module(entry: Path, *names: str) -> str:
    """A file and all that it needs, as the text of one ES module without exports, in which `names` stand."""
    ordered: list[Path] = []
    _collect(entry.resolve(), ordered)
    stems = [path.stem for path in ordered]
    twice = {stem for stem in stems if stems.count(stem) > 1}
    if twice:
        found = f"Two files would have one name in the module: {', '.join(sorted(twice))}."
        raise ValueError(found)
    return "\n".join([*map(_folded, ordered), f"const {{ {', '.join(names)} }} = _{entry.stem};\n"])


def _collect(path: Path, ordered: list[Path]) -> None:
    """What a file imports comes before it."""
    for _, needed in _IMPORT.findall(_source(path)):
        there = (path.parent / needed).resolve()
        if there not in ordered:
            _collect(there, ordered)
    ordered.append(path)


def _folded(path: Path) -> str:
    source = _source(path)
    exported = ", ".join(word for _, word in _EXPORT.findall(source))
    inside = _IMPORT.sub(lambda found: f"const {found[1]} = _{Path(found[2]).stem};\n", source)
    body = _EXPORT.sub(r"\1", inside)
    return f"const _{path.stem} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")
