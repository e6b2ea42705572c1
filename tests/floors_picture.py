"""The picture of the floors in ARCHITECTURE.md, drawn from the contract that import-linter checks.

`python -m tests.floors_picture` writes it.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "floors.svg"

WIDTH, MARGIN, TOP = 1060, 20, 54
BOXES, LANES = 530, (574, 598)
"""Width of the boxes, and where the prompt goes down and comes up."""
FLOOR, GAP = 30, 9


class Stop(NamedTuple):
    """What stands beside a floor: with a number, where the prompt comes by."""

    words: str
    number: int | None = None


BESIDE = {
    "cli": Stop("the same as a command, which prints or writes a file"),
    "app": Stop("a page asks for a prompt; at the end it draws and inspects", 1),
    "settings": Stop("config/*.toml as frozen values"),
    "render": Stop("packed into bytes; JavaScript draws them, here or in a file", 7),
    "summaries": Stop("what the rows of many prompts say together"),
    "batch": Stop("many prompts into rows; times in forward passes"),
    "faithfulness": Stop("run again with only these edges: what is kept?", 6),
    "graph": Stop("edges in columns, cut by survival; states read as tokens", 5),
    "attribution": Stop("a number for every edge, by one method", 4),
    "tracing": Stop("one pass, kept as one trace whose parts add up", 3),
    "smallworld": Stop("the embedded model: its world, tasks and training"),
    "model": Stop("found, opened, given hook points, checked against itself", 2),
    "axes": Stop("names of shapes, values that show themselves, whole files"),
    "errors": Stop("asked, found, remedy"),
}
"""By the first package of a floor."""

STYLE = """
  .ground { fill: #ffffff } .room { fill: #eef2f7; stroke: #9aa9bb } .name { fill: #17212e }
  .beside { fill: #5a6878 } .way { stroke: #c2410c; fill: none; stroke-width: 2 }
  .stop, .tip { fill: #c2410c }
  .number { fill: #ffffff; font-weight: 600 } .on { fill: #17212e }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0e141b } .room { fill: #1b2530; stroke: #4b5b6d } .name, .on { fill: #e6edf5 }
    .beside { fill: #93a3b5 } .way { stroke: #fb923c } .stop, .tip { fill: #fb923c } .number { fill: #0e141b }
  }
  text { font: 13px system-ui, "DejaVu Sans", sans-serif } .name { font-weight: 600; text-anchor: middle }
  .number { font-size: 11px; text-anchor: middle }
"""


def floors() -> list[list[str]]:
    """The packages of each floor, the highest first, as pyproject.toml has them."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (contract,) = (found for found in tools["importlinter"]["contracts"] if found["type"] == "layers")
    return [[name.strip().removeprefix("llm_tt.") for name in line.split("|")] for line in contract["layers"]]


def picture() -> str:
    """The floors from above, what each does, and the way of a prompt down to the model and up again."""
    rows = floors()
    heights = {name: TOP + place * (FLOOR + GAP) for place, row in enumerate(rows) for name in row}
    height = TOP + len(rows) * (FLOOR + GAP) + MARGIN - GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>The floors of llm_tt, and the way of a prompt through them</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
        _text("beside", MARGIN, 32, "Imports go only down. The prompt goes down to the model and up again:"),
        *_way(heights),
    ]
    for row in rows:
        lines += _floor(row, heights[row[0]])
    return "\n".join([*lines, "</svg>", ""])


def _floor(names: list[str], top: int) -> list[str]:
    width = (BOXES - GAP * (len(names) - 1)) / len(names)
    lines = []
    for place, name in enumerate(names):
        left = MARGIN + place * (width + GAP)
        is_file = not (ROOT / "llm_tt" / name).is_dir()
        box = f'x="{left:.1f}" y="{top}" width="{width:.1f}" height="{FLOOR}" rx="5"'
        lines.append(f'<rect class="room" {box}/>')
        lines.append(_text("name", left + width / 2, top + 20, f"{name}.py" if is_file else name))
    stop = BESIDE[names[0]]
    if stop.number is not None:
        lines.append(f'<circle class="stop" cx="{LANES[1]}" cy="{top + FLOOR / 2}" r="9"/>')
        lines.append(_text("number", LANES[1], top + FLOOR / 2 + 4, str(stop.number)))
    lines.append(_text("beside" if stop.number is None else "on", LANES[1] + 22, top + 20, stop.words))
    return lines


def _way(heights: dict[str, int]) -> list[str]:
    """Down one lane to the model, up the other past everything that has a number."""
    first, last = heights["app"] + FLOOR / 2, heights["model"] + FLOOR / 2
    down, up = LANES
    return [
        f'<path class="way" d="M{up} {first} H{down + 8} Q{down} {first} {down} {first + 8} V{last - 8} '
        f'Q{down} {last} {down + 8} {last} H{up} V{first + 18}"/>',
        f'<path class="tip" d="M{down - 5} {last - 60} h10 l-5 10 z"/>',
        f'<path class="tip" d="M{up - 5} {heights["settings"] + 20} h10 l-5 -10 z"/>',
    ]


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
