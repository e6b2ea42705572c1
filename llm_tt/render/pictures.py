"""Pictures without a browser: graphs and anatomies as SVG, drawn by the pages' own modules."""

from typing import Final
from zlib import crc32

from llm_tt.errors import ExportError
from llm_tt.graph.cuts import Cut
from llm_tt.render.drawing_engine import ASKED, Kind, draw

LARGEST: Final = 30_000
"""Pixels along one side."""
_KINDS: Final[dict[bytes, Kind]] = {b"LTF1": "flow", b"LTA1": "anatomy"}


def picture_svg(  # noqa: PLR0913 (a payload and what it is to look like: each can be left out)
    payload: bytes,
    *,
    width: int | None = None,
    height: int | None = None,
    is_dark: bool = False,
    selected: str | None = None,
    cut: Cut | None = None,
) -> str:
    """A graph or an anatomy as its page would save it, all of it in sight and a caption below.

    Args:
        payload: what `flow_payload`, `graph_payload` or `anatomy_payload` packed.
        width: in pixels; what would not fit is drawn smaller. Where none is given, 1100 for a graph, 1400 a
            layer for an anatomy, and more where letters ask for it.
        height: in pixels; as high as the picture asks for where none is given.
        is_dark: on a dark ground.
        selected: the name of a part ("L2H1@1-13"), whose ways are lit.
        cut: how much of a graph to show; the usual cut of the page where none is given.

    Raises:
        ExportError: these are no such bytes, there is no such part, or the picture cannot be drawn.
    """
    kind = _kind_of(payload)
    _check(kind, width, height, cut)
    wishes: dict[str, object] = {
        "width": width,
        "height": height,
        "isDark": is_dark,
        "selected": selected,
        "cut": _cut(cut),
    }
    # Pictures that stand on one page must not share names.
    wishes["key"] = f"{crc32(payload + repr(wishes).encode()):x}-"
    drawn = draw(kind, payload, wishes)
    if drawn is None:
        raise ExportError(
            asked=f"Draw a picture with {selected!r} selected.",
            found="The picture has no part of that name.",
            remedy="Name a part as the library does, for example L2H1@1-13, L2.mlp@13 or L2.post@13.",
        )
    return drawn


def _kind_of(payload: bytes) -> Kind:
    kind = _KINDS.get(bytes(payload[:4]))
    if kind is None:
        raise ExportError(
            asked=ASKED,
            found="These bytes are neither a graph's nor an anatomy's.",
            remedy="Pack them with flow_payload, graph_payload or anatomy_payload.",
        )
    return kind


def _check(kind: Kind, width: int | None, height: int | None, cut: Cut | None) -> None:
    for name, pixels in (("width", width), ("height", height)):
        if pixels is not None and not 1 <= pixels <= LARGEST:
            raise ExportError(
                asked=f"Draw a picture with a {name} of {pixels} pixels.",
                found=f"Both sides can have 1 to {LARGEST:,} pixels.",
                remedy="Choose a size within that, or none.",
            )
    if kind == "anatomy" and cut is not None:
        raise ExportError(
            asked="Draw an anatomy with a cut.",
            found="Only the flow graph has edges that can be cut by their survival.",
            remedy="Leave the cut out; the anatomy itself is built with more or fewer parts.",
        )


def _cut(cut: Cut | None) -> dict[str, object] | None:
    if cut is None:
        return None
    units = ("threshold", "density", "mass")
    ((unit, value),) = [(unit, value) for unit in units if (value := getattr(cut, unit)) is not None]
    return {"unit": unit, "value": value}
