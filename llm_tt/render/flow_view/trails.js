// From a selection: what fed it, and the strongest way from it on to the target.

import { RESIDUAL } from "./payload.js";

// Sets of pair keys and nodes: `fed` holds what can flow into the selection, `onward` the strongest way from it.
export function trailsOf(state, part) {
  const { graph, pairs } = state;
  const chosen = pairsOfPart(graph, pairs, part);
  const fed = new Set(chosen.map((pair) => pair.key));
  const nodes = new Set([part.node]);
  const waiting = part.kind === "state" ? [part.node] : chosen.map((pair) => pair.source);
  if (chosen.length === 0 && part.kind !== "state") waiting.push(part.source ?? part.node);
  const into = groupBy(pairs, (pair) => pair.target);
  while (waiting.length) {
    const node = waiting.pop();
    if (nodes.has(node) && node !== part.node) continue;
    nodes.add(node);
    for (const pair of into.get(node) ?? []) {
      if (fed.has(pair.key)) continue;
      fed.add(pair.key);
      waiting.push(pair.source);
    }
  }
  const onward = strongestWay(state, part.node);
  onward.forEach((pair) => nodes.add(pair.target));
  return { chosen: new Set(chosen.map((pair) => pair.key)), fed, onward: new Set(onward.map((p) => p.key)), nodes };
}

// The pairs that a part is, or runs in.
export function pairsOfPart(graph, pairs, part) {
  const within = (pair) => pair.target === part.node;
  switch (part.kind) {
    case "residual": return pairs.filter((p) => within(p) && p.kind === RESIDUAL);
    case "messages": return pairs.filter((p) => within(p) && p.kind === 0 && p.source === part.source);
    case "message":
      return pairs.filter((p) => within(p) && p.kind === 0 && p.source === part.source && hasHead(graph, p, part.head));
    case "head": return pairs.filter((p) => within(p) && p.kind === 0 && hasHead(graph, p, part.head));
    case "mlp": case "neuron": return pairs.filter((p) => within(p) && p.kind === 2);
    default: return [];
  }
}

function hasHead(graph, pair, head) {
  return pair.edges.some((e) => graph.head[e] === head);
}

// By the product of strengths, as the library's `paths` has it; empty where the target cannot be reached.
function strongestWay(state, start) {
  const best = new Map([[start, { score: 0, pair: null }]]);
  const ordered = [...state.pairs].sort((a, b) => a.source - b.source || a.target - b.target);
  for (const pair of ordered) {
    const here = best.get(pair.source);
    if (!here) continue;
    const score = here.score + Math.log(Math.max(pair.strength, 1e-30));
    const there = best.get(pair.target);
    if (!there || score > there.score) best.set(pair.target, { score, pair });
  }
  const way = [];
  let node = state.targetNode;
  if (!best.has(node)) return way;
  while (node !== start) {
    const { pair } = best.get(node);
    way.push(pair);
    node = pair.source;
  }
  return way.reverse();
}

export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
