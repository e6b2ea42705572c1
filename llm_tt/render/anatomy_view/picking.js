// What lies under the pointer, and where a part is.

import { distanceTo } from "../canvas/bezier.js";
import { boxOf } from "./chips.js";
import { partOfEdge, strengthOf } from "./payload.js";

const SLACK = 2; // pixels around a chip
const EDGE = 6;

// {part, node} on a chip, {part, edge} on an edge, or null.
export function pick(state, x, y) {
  const { graph, layout } = state;
  const { plot } = layout;
  if (y < plot.top || y > plot.top + plot.height) return null;
  for (let node = graph.nNodes - 1; node >= 0; node--) {
    const box = boxOf(state, node);
    const inside = x >= box.x - SLACK && x <= box.x + box.width + SLACK && y >= box.y - SLACK && y <= box.y + box.height + SLACK;
    if (inside) return foundNode(graph, node);
  }
  const edge = nearestEdge(state, x, y);
  return edge === null ? null : { part: partOfEdge(graph, edge), edge };
}

export function foundNode(graph, node) {
  return { part: graph.named.get(graph.nodes.name[node]), node };
}

// Of edges that cross, the stronger one is meant.
function nearestEdge({ graph, shapes }, x, y) {
  let best = null;
  let least = EDGE * EDGE;
  for (const { edge, lines } of shapes) {
    const distance = Math.min(...lines.map((points) => distanceTo(points, x, y)));
    const isStronger = best !== null && distance < EDGE * EDGE && distance < least + 2 && strengthOf(graph, edge) > strengthOf(graph, best);
    if (distance < least || isStronger) {
      best = edge;
      least = Math.min(least, distance);
    }
  }
  return best;
}

export function middleOf(state, { node, edge }) {
  if (node !== undefined) {
    const box = boxOf(state, node);
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
  const { lines } = state.shapes.find((shape) => shape.edge === edge);
  const points = lines[Math.floor(lines.length / 2)];
  const middle = 2 * Math.floor(points.length / 4);
  return [points[middle], points[middle + 1]];
}
