// What lies under the pointer.

import { MLP, RESIDUAL } from "./payload.js";
import { distanceTo } from "../canvas/bezier.js";
import { placeOf } from "./layout.js";
import { toScreen } from "../canvas/camera.js";
import { edgeName, partNamed, stateName } from "./parts.js";

const NODE = 12; // reach in pixels: a target of 24
const NODE_FIRST = 6; // so near that the node wins over an edge
const EDGE = 6;

// {target: position} above the plot, {part, pair} inside it, or null.
export function pick(state, x, y) {
  const { layout } = state;
  const { plot } = layout;
  if (y < plot.top) {
    const at = columnAt(state, x);
    return at === null ? null : { target: at };
  }
  if (y > plot.top + plot.height) {
    const at = y < plot.top + plot.height + 60 ? columnAt(state, state.slanted ? x + (y - plot.top - plot.height) * 0.5 : x) : null;
    return at === null ? null : { part: partNamed(state.graph, `embed@${at}`) };
  }
  const square = nearestSquare(state, x, y);
  if (square) return { part: partOfPair(state, square), pair: square };
  const node = nearestNode(state, x, y);
  if (node && node.distance <= NODE_FIRST) return { part: partNamed(state.graph, stateName(state.graph, node.node)) };
  const shape = nearestShape(state, x, y);
  if (shape) return { part: partOfShape(state, shape), pair: shape.pair, edges: shape.edges };
  return node ? { part: partNamed(state.graph, stateName(state.graph, node.node)) } : null;
}

function columnAt(state, x) {
  let best = null;
  let least = Infinity;
  state.layout.xs.forEach((column, at) => {
    if (state.layout.isShrunk[at]) return;
    const distance = Math.abs(toScreen(state.layout, state.transform, [column, 0])[0] - x);
    if (distance < least) [best, least] = [at, distance];
  });
  return least <= Math.max(14, (state.layout.columnWidth * state.transform.k) / 2) ? best : null;
}

function nearestSquare(state, x, y) {
  const near = state.squares.find((s) => Math.max(Math.abs(s.x - x), Math.abs(s.y - y)) <= s.side / 2 + 4);
  return near?.pair ?? null;
}

// All nodes up to the target's column can be read, not only those with edges.
function nearestNode(state, x, y) {
  const { graph, layout, transform } = state;
  let best = null;
  for (let row = 0; row < graph.rows; row++) {
    const dy = toScreen(layout, transform, [0, layout.ys[row]])[1] - y;
    if (Math.abs(dy) > NODE) continue;
    for (let at = 0; at < graph.positions; at++) {
      if (layout.isShrunk[at]) continue;
      const node = row * graph.positions + at;
      const dx = toScreen(layout, transform, placeOf(graph, layout, node))[0] - x;
      const distance = Math.hypot(dx, dy) + (state.attached.has(node) ? 0 : 3);
      if (distance <= NODE && (!best || distance < best.distance)) best = { node, distance };
    }
  }
  return best;
}

function nearestShape(state, x, y) {
  let best = null;
  let least = EDGE * EDGE;
  for (const shape of state.shapes) {
    const [low, high] = [shape.points.at(-1), shape.points[1]];
    if (y < low - EDGE || y > high + EDGE) continue;
    const distance = distanceTo(shape.points, x, y);
    // Of edges that cross, the stronger one is meant.
    if (distance < least || (distance < EDGE * EDGE && best && distance < least + 2 && shape.pair.strength > best.pair.strength)) {
      best = shape;
      least = Math.min(least, distance);
    }
  }
  return best;
}


function partOfShape(state, shape) {
  const { graph } = state;
  const { pair, edges } = shape;
  const alone = pair.kind === 0 && edges.length === 1;
  return partNamed(graph, edgeName(graph, pair.source, pair.target, pair.kind, alone ? graph.head[edges[0]] : undefined));
}

function partOfPair(state, pair) {
  return partOfShape(state, { pair, edges: pair.edges });
}

// Where a part is on the stage.
export function placeOfPart(state, part) {
  const { graph, layout, transform } = state;
  const shape = state.shapes.find((s) => s.pair.target === part.node && matches(graph, s, part));
  if (shape && part.kind !== "state") {
    const middle = 2 * Math.floor(shape.points.length / 4);
    return [shape.points[middle], shape.points[middle + 1]];
  }
  return toScreen(layout, transform, placeOf(graph, layout, part.node));
}

function matches(graph, { pair, edges }, part) {
  if (part.kind === "residual") return pair.kind === RESIDUAL;
  if (part.kind === "mlp" || part.kind === "neuron") return pair.kind === MLP;
  if (part.kind === "head") return pair.kind === 0 && edges.some((e) => graph.head[e] === part.head);
  return pair.kind === 0 && pair.source === part.source;
}

