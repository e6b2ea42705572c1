// The picture without a mouse: arrows walk along the strongest edges and within columns, Enter selects, Esc clears.

import { strengthOf } from "./payload.js";

export const KEYS_HELP =
  "Left and right arrows follow the strongest edge, up and down stay in a column, Enter selects, Escape clears, plus and "
  + "minus zoom, 0 fits, slash searches.";

// The node that a key leads to from another one; null where the key is none of these, or nothing is there.
export function walk(graph, layout, node, key) {
  switch (key) {
    case "ArrowLeft": return strongest(graph, graph.into[node], graph.edges.source);
    case "ArrowRight": return strongest(graph, graph.from[node], graph.edges.target);
    case "ArrowUp": return beside(layout, node, -1);
    case "ArrowDown": return beside(layout, node, 1);
    default: return null;
  }
}

function strongest(graph, edges, end) {
  if (edges.length === 0) return null;
  return end[edges.reduce((best, e) => (strengthOf(graph, e) > strengthOf(graph, best) ? e : best))];
}

function beside({ slotOf, y }, node, step) {
  const column = slotOf.map((_, other) => other).filter((other) => slotOf[other] === slotOf[node]).sort((a, b) => y[a] - y[b]);
  return column[column.indexOf(node) + step] ?? null;
}
