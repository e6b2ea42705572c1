"""The graph as a picture that can be touched: plain ES modules, no build step, nothing from a network.

The files import each other as any modules do. Where only one file can be given (a component, a notebook),
`module()` folds them into one, each in a function of its own, so that their private names stay private.
"""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)


@cache
def module() -> str:
    """`FlowView` and all that it needs, as the text of one ES module without exports."""
    ordered: list[str] = []
    _collect("flow_view", ordered)
    return "\n".join([*map(_folded, ordered), "const { FlowView } = _flow_view;\n"])


@cache
def stylesheet() -> str:
    """Its look; colours come from Streamlit's variables where there are any."""
    return (_FOLDER / "flow_view.css").read_text(encoding="utf-8")


def _collect(name: str, ordered: list[str]) -> None:
    """What a file imports comes before it."""
    for _, needed in _IMPORT.findall(_source(name)):
        if needed not in ordered:
            _collect(needed, ordered)
    ordered.append(name)


def _folded(name: str) -> str:
    source = _source(name)
    exported = ", ".join(word for _, word in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = _\2;\n", source))
    return f"const _{name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


@cache
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
