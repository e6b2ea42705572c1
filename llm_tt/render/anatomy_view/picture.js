// What a stage needs to know of the anatomy: how it is drawn, what lies where, what is said of it.

import { drawMore } from "../canvas/beyond.js";
import { svgElement } from "../canvas/elements.js";
import { boxOf } from "./chips.js";
import { linesOfEdge, linesOfNode } from "./card_lines.js";
import { drawHeadings } from "./headings.js";
import { drawLegend } from "./legend.js";
import { pick } from "./picking.js";
import { curvesOnScreen, drawScene } from "./scene.js";

export const PICTURE = { name: "anatomy of layers", draw, pick, marks, lines };

function draw(painter, state) {
  drawScene(painter, state);
  drawHeadings(painter, state);
  drawMore(painter, state);
  drawLegend(painter, state);
}

// What lights up under the pointer.
function marks(state, { node, edge }) {
  const stroke = state.theme.accent;
  if (node === undefined) return curvesOnScreen(state, edge).map(([x0, y0, ...rest]) => svgElement("path", {
    d: `M${x0} ${y0}C${rest.join(" ")}`, fill: "none", stroke, "stroke-width": 8, opacity: 0.3,
  }));
  const { x, y, width, height } = boxOf(state, node);
  return [svgElement("rect", {
    x: x - 1.5, y: y - 1.5, width: width + 3, height: height + 3, rx: 5, fill: "none", stroke, "stroke-width": 2,
  })];
}

function lines({ graph }, { node, edge }) {
  return node === undefined ? linesOfEdge(graph, edge) : linesOfNode(graph, node);
}
