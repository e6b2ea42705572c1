// Edges as curves: which belong together, where they run, and which one is under the pointer.

import { ATTENTION, MLP, RESIDUAL } from "./payload.js";
import { placeOf } from "./layout.js";

// All heads between two nodes as one pair, unless they are fanned out; the residual and the MLP stay apart.
export function pairsOf(graph, weights, edges) {
  const pairs = new Map();
  for (const e of edges) {
    const key = (graph.target[e] * graph.nNodes + graph.source[e]) * 3 + graph.kind[e];
    let pair = pairs.get(key);
    if (!pair) {
      pair = {
        key, source: graph.source[e], target: graph.target[e], kind: graph.kind[e], edges: [], weight: 0, strength: 0,
      };
      pairs.set(key, pair);
    }
    pair.edges.push(e);
    pair.weight += weights[e];
    pair.strength += Math.abs(weights[e]);
  }
  return [...pairs.values()];
}

// A cubic curve from source to target: [x0 y0 c1x c1y c2x c2y x1 y1], in the layout's own units.
export function curveOf(graph, layout, pair, bend = 0) {
  const [x0, y0] = placeOf(graph, layout, pair.source);
  const [x1, y1] = placeOf(graph, layout, pair.target);
  const dy = y1 - y0;
  const dx = x1 - x0;
  if (pair.kind === RESIDUAL) return [x0, y0, x0, y0 + dy / 3, x1, y1 - dy / 3, x1, y1];
  if (pair.kind === MLP) {
    const side = sideOf(layout);
    return [x0, y0, x0 + side * 1.3, y0 + dy * 0.2, x1 + side * 1.3, y1 - dy * 0.2, x1, y1];
  }
  if (pair.source % graph.positions === pair.target % graph.positions) {
    const side = -sideOf(layout) * 1.2 + bend;
    return [x0, y0, x0 + side, y0 + dy * 0.25, x1 + side, y1 - dy * 0.25, x1, y1];
  }
  // Nearly straight, so that edges from different tokens fan out; vertical at the source, so that they leave
  // the residual line visibly.
  return [
    x0, y0,
    x0 + dx * 0.12 + bend * 0.6, y0 + dy * 0.5 + bend * 0.35,
    x1 - dx * 0.42 + bend * 0.6, y1 - dy * 0.18 + bend * 0.35,
    x1, y1,
  ];
}

// The square of an MLP sits in the middle of its branch.
export function squareOf(graph, layout, node) {
  const [x, y] = placeOf(graph, layout, node);
  const gap = graph.parallel ? layout.rowHeight : layout.rowHeight * 0.38;
  return [x + sideOf(layout) * 0.98, y + gap / 2];
}

function sideOf(layout) {
  return Math.min(15, layout.columnWidth * 0.3);
}
