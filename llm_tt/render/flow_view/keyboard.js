// The graph without a mouse: arrows walk, Enter selects, e goes through what enters, p pins, Esc clears.

import { edgeName, nodeAt, partNamed, stateName } from "./parts.js";
import { positionOf, rowOf } from "./payload.js";

export const KEYS_HELP =
  "Arrow keys walk over the states, Enter selects, e goes through the edges that enter, p pins, t traces this position, "
  + "Escape clears, plus and minus zoom, 0 fits.";

// The part that a key leads to, from the part where the cursor is; null where the key is none of these.
export function walk(state, from, key, step) {
  const { graph } = state;
  const node = from?.node ?? state.targetNode;
  const row = rowOf(graph, node);
  const at = positionOf(graph, node);
  switch (key) {
    case "ArrowUp": return stateAt(state, nextRow(state, row, at, 1), at);
    case "ArrowDown": return stateAt(state, nextRow(state, row, at, -1), at);
    case "ArrowLeft": return stateAt(state, row, nextColumn(state, row, at, -1));
    case "ArrowRight": return stateAt(state, row, nextColumn(state, row, at, 1));
    case "e": return incoming(state, node, step);
    default: return null;
  }
}

function stateAt(state, row, at) {
  return partNamed(state.graph, stateName(state.graph, nodeAt(state.graph, row, at)));
}

// States with edges first; where none is left, one step.
function nextRow(state, row, at, step) {
  for (let r = row + step; r >= 0 && r < state.graph.rows; r += step) {
    if (state.attached.has(nodeAt(state.graph, r, at)) || r === 0 || r === state.graph.rows - 1) return r;
  }
  return row;
}

function nextColumn(state, row, at, step) {
  for (let c = at + step; c >= 0 && c <= state.position; c += step) {
    if (state.attached.has(nodeAt(state.graph, row, c))) return c;
  }
  const beside = at + step;
  return beside >= 0 && beside <= state.position ? beside : at;
}

function incoming(state, node, step) {
  const into = state.pairs.filter((pair) => pair.target === node).sort((a, b) => b.strength - a.strength);
  if (into.length === 0) return null;
  const pair = into[step % into.length];
  const head = pair.kind === 0 && pair.edges.length === 1 ? state.graph.head[pair.edges[0]] : undefined;
  return partNamed(state.graph, edgeName(state.graph, pair.source, pair.target, pair.kind, head));
}
