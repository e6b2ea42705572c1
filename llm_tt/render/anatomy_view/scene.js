// The picture: bands, groups, edges and chips. Knows what to draw, not on what (painter.js) and not when.

import { flatten } from "../canvas/bezier.js";
import { toScreen } from "../canvas/camera.js";
import { LABEL_SIZE } from "./letters.js";
import { drawChip, isLegible } from "./chips.js";
import { routeOf } from "./routes.js";
import { colourOf, strokeOf } from "./strokes.js";
import { inOrder } from "./view_state.js";

const FAINT = 0.1; // what a selection leaves in the dark

export function drawScene(painter, state) {
  const { layout, graph } = state;
  drawBands(painter, state);
  state.shapes = [];
  painter.inside({ ...layout.plot, left: 0, width: layout.size.width }, () => {
    drawGroups(painter, state);
    for (const edge of inOrder(state)) drawEdge(painter, state, edge);
    drawLabels(painter, state);
    for (let node = 0; node < graph.nNodes; node++) drawChip(painter, state, node);
  });
}

// Every second layer on a quiet ground, as the rows of the flow graph are.
function drawBands(painter, { graph, layout, transform, theme }) {
  const { plot } = layout;
  painter.inside({ left: 0, top: 0, width: layout.size.width, height: plot.top + plot.height }, () => {
    for (const { layer, left, right } of layout.bands) {
      if (layer % 2 !== 0) continue;
      // The outermost layers reach to the edge of the stage.
      const [x] = layer === graph.layers[0] ? [0] : toScreen(layout, transform, [left, 0]);
      const [end] = layer === graph.layers.at(-1) ? [layout.size.width] : toScreen(layout, transform, [right, 0]);
      painter.rect(x, 0, end - x, plot.top + plot.height, { fill: theme.band, alpha: theme.dark ? 0.55 : 0.75 });
    }
  });
}

// What belongs to one head, and which one it is.
function drawGroups(painter, state) {
  const { layout, transform, theme } = state;
  const { k } = transform;
  for (const group of layout.groups) {
    const [x, y] = toScreen(layout, transform, [group.left - 4, group.top]);
    const width = (group.right - group.left + 8) * k;
    painter.rect(x, y, width, group.height * k, { fill: theme.ink, alpha: 0.035, radius: 6 });
    if (!isLegible(state, LABEL_SIZE)) continue;
    const [left, middle] = toScreen(layout, transform, [layout.x[group.first], layout.y[group.first] - layout.chipHeight / 2 - 9]);
    painter.text(`H${group.head}`, left + 1, middle, {
      color: theme.ink, alpha: state.trails ? 0.5 : 0.7, size: 10.5 * k, font: theme.font, weight: 600,
    });
  }
}

function drawEdge(painter, state, edge) {
  const { graph, theme, trails } = state;
  const { width, alpha } = strokeOf(graph, edge);
  const isChosen = trails?.chosen.has(edge);
  const isDim = trails && !trails.edges.has(edge);
  const curves = curvesOnScreen(state, edge);
  const thick = width * Math.min(1, Math.max(0.5, state.transform.k)) + (isChosen ? 1 : 0);
  for (const curve of curves) {
    painter.curve(curve, {
      color: isChosen ? theme.accent : colourOf(theme, graph, edge), width: thick, alpha: isDim ? alpha * FAINT : alpha,
    });
  }
  state.shapes.push({ edge, lines: curves.map(flatten) });
}

export function curvesOnScreen(state, edge) {
  const { graph, layout, transform, letters } = state;
  const labels = isLegible(state, LABEL_SIZE) ? letters.reach : null;
  return routeOf(graph, layout, edge, labels).map((curve) => {
    const screen = [];
    for (let i = 0; i < 8; i += 2) screen.push(...toScreen(layout, transform, [curve[i], curve[i + 1]]));
    return screen;
  });
}

// Left of a key, the token that made it; left of what a neuron reads, its number.
function drawLabels(painter, state) {
  const { layout, transform, theme, letters, trails } = state;
  if (!isLegible(state, LABEL_SIZE)) return;
  letters.labels.forEach((label, node) => {
    if (!label) return;
    const [x, y] = toScreen(layout, transform, [layout.x[node] - 4, layout.y[node]]);
    painter.text(label, x, y, {
      color: theme.ink, alpha: trails && !trails.nodes.has(node) ? 0.2 : 0.72, size: LABEL_SIZE * transform.k, font: theme.font,
      anchor: "end",
    });
  });
}
