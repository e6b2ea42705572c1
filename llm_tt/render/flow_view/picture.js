// What a stage needs to know of the graph: how it is drawn, what lies where, what is said of it.

import { svgElement } from "../canvas/elements.js";
import { toScreen } from "../canvas/camera.js";
import { drawAxes } from "./axes.js";
import { squareOf } from "./curves.js";
import { linesOf } from "./hover_card.js";
import { placeOf } from "./layout.js";
import { pick } from "./picking.js";
import { drawGraph, screenCurve } from "./scene.js";
import { pairsOfPart } from "./trails.js";

export const PICTURE = { name: "information-flow graph", draw, pick, marks, lines: linesOf };

function draw(painter, state) {
  drawGraph(painter, state);
  drawAxes(painter, state);
}

// What lights up under the pointer.
function marks(state, { part, pair }) {
  if (!part) return [];
  const color = state.theme.accent;
  const pairs = pair ? [pair] : part.kind === "state" ? [] : pairsOfPart(state.graph, state.pairs, part);
  const curves = pairs.map((p) => {
    const [x0, y0, ...rest] = screenCurve(state, p);
    return svgElement("path", {
      d: `M${x0} ${y0}C${rest.join(" ")}`, fill: "none", stroke: color, "stroke-width": 7, opacity: 0.28,
      "stroke-linecap": "round",
    });
  });
  if (curves.length && part.kind !== "mlp") return curves;
  const { graph, layout, transform } = state;
  const spot = part.kind === "mlp" ? squareOf(graph, layout, part.node) : placeOf(graph, layout, part.node);
  const [cx, cy] = toScreen(layout, transform, spot);
  return [...curves, svgElement("circle", { cx, cy, r: 9, fill: "none", stroke: color, "stroke-width": 2 })];
}
