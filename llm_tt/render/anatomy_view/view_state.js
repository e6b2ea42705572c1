// What is on the screen, computed from the picture's graph and the choices of the person.

import { isResidual, strengthOf } from "./payload.js";
import { trailsOf } from "./trails.js";

export function emptyState() {
  return { graph: null, layout: null, transform: null, theme: null, selection: null, trails: null, letters: null, shapes: [] };
}

// By name; a name that means nothing here selects nothing.
export function select(state, name) {
  state.selection = state.graph?.named.get(name ?? "") ?? null;
  state.trails = state.selection ? trailsOf(state.graph, state.selection) : null;
}

// In which order edges are drawn: the residual stream lowest, then the weaker ones, what is lit on top.
export function inOrder({ graph, trails }) {
  const isLit = (e) => (!trails || trails.edges.has(e) ? 1 : 0);
  return graph.edges.kind.map((_, e) => e).sort((a, b) => (
    isLit(a) - isLit(b) || isResidual(graph, b) - isResidual(graph, a) || strengthOf(graph, a) - strengthOf(graph, b)
  ));
}

// Where the prediction is made.
export function lastNode({ nodes }) {
  return nodes.kind.lastIndexOf("output");
}

// The text of a chip, the longest wording first.
export function textsOf(graph, node) {
  const { kind, count, promoted } = graph.nodes;
  if (kind[node].startsWith("others_")) {
    const many = count[node].toLocaleString("en");
    return [`${many} more`, `+${many}`, `+${Math.round(count[node] / 1000)}k`];
  }
  if (kind[node].endsWith("_bias")) return ["bias"];
  return [promoted[node][0] ?? "–"];
}

// What stands left of a chip: the token that made a key, the number of a neuron.
export function labelOf(graph, layout, node) {
  if (!(layout.slots[layout.slotOf[node]].gutter > 0)) return null;
  const { key, neuron } = graph.nodes;
  if (key[node] >= 0) return graph.tokens[key[node]];
  return neuron[node] >= 0 ? `N${neuron[node]}` : null;
}
