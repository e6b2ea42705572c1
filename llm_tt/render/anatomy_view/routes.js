// How edges run: curves that are horizontal at both ends, and around the stacks between them where they must be.

import { isOfMlp } from "./columns.js";

// Cubic curves, in the layout's own units, one behind the other. `labels` says how wide the text left of a chip is:
// there an edge ends in front of it.
export function routeOf(graph, layout, edge, labels = null) {
  const { slots, chipWidth } = layout;
  const source = graph.edges.source[edge];
  const target = graph.edges.target[edge];
  const start = [layout.x[source] + chipWidth, layout.y[source] + (layout.portOut?.[edge] ?? 0)];
  const end = [layout.x[target] - (labels?.[target] ?? 0), layout.y[target] + (layout.portIn?.[edge] ?? 0)];
  const level = levelOf(graph, layout, edge, start[1], end[1]);
  if (level === null) return [bend(start, end)];
  // Behind the first gap, and before the last one.
  const behind = slots[layout.slotOf[source] + 1];
  const near = [behind.x - behind.gutter, level];
  if (level === end[1]) return [bend(start, near), bend(near, end)];
  const last = lastInTheWay(layout, source, target, end[1]);
  const far = [slots[last].x + chipWidth, level];
  const down = slots[last + 1];
  const behindIt = last + 1 < layout.slotOf[target] ? [[down.x - down.gutter, end[1]]] : [];
  const stops = [...(level === start[1] ? [] : [near]), far, ...behindIt, end];
  return stops.map((stop, i) => bend(i ? stops[i - 1] : start, stop));
}

// The last column before the end that is not of its block, or has a chip at the height of the end: behind it, an edge
// can run straight. The residual stream's own lane is not for others.
function lastInTheWay(layout, source, target, level) {
  const { slots, slotOf, y, laneY } = layout;
  const [first, end] = [slotOf[source] + 1, slotOf[target]];
  if (y[target] === laneY) return end - 1;
  for (let slot = end - 1; slot > first; slot--) {
    if (isOfMlp(slots[slot]) !== isOfMlp(slots[end]) || !isFree(layout, slot - 1, slot + 1, level)) return slot;
  }
  return first;
}

// Whether an edge needs the lane that runs between the residual stream and the stacks.
export function goesAround(graph, layout, edge) {
  const { source, target } = graph.edges;
  return levelOf(graph, layout, edge, layout.y[source[edge]], layout.y[target[edge]]) === layout.sideY;
}

// At which height an edge passes the columns between its ends: at that of its end or its start where no chip is in
// the way, else at the side lane; null where there are no columns between.
function levelOf(graph, layout, edge, startY, endY) {
  const { slotOf, y, laneY, sideY } = layout;
  const source = graph.edges.source[edge];
  const target = graph.edges.target[edge];
  const [first, last] = [slotOf[source], slotOf[target]];
  if (last - first <= 1 || graph.edges.kind[edge] === "residual") return null;
  if (y[target] !== laneY && isFree(layout, first, last, endY)) return endY;
  if (y[source] !== laneY && isFree(layout, first, last, startY)) return startY;
  return sideY;
}

// Whether no chip of the columns between two others is in the way at that height.
function isFree({ slotOf, y, chipHeight }, first, last, level) {
  return slotOf.every((slot, node) => slot <= first || slot >= last || Math.abs(y[node] - level) > chipHeight / 2 + 2);
}

function bend([x0, y0], [x1, y1]) {
  const reach = (x1 - x0) * 0.5;
  return [x0, y0, x0 + reach, y0, x1 - reach, y1, x1, y1];
}
