// From a selection: what fed it, and the strongest way from it on to the target.

import { RESIDUAL } from "./payload.js";
import { pairsOf } from "./curves.js";
import { GAINED, LOST } from "./difference.js";

// Sets of pair keys and nodes: `fed` holds what can flow into the selection, `onward` the strongest way from it.
export function trailsOf(state, part) {
  return state.difference ? trailsOfBoth(state, part) : trailsIn(state, part);
}

// Of two runs, each has trails of its own: a way over gained and lost edges would be one that neither went.
function trailsOfBoth(state, part) {
  const { graph, difference, pairs } = state;
  const chosen = pairsOfPart(graph, pairs, part);
  const lit = { chosen: keysOf(chosen), fed: new Set(), onward: new Set(), nodes: new Set() };
  const runs = [
    { pairs: pairsOf(graph, state.shown, state.kept), absent: GAINED },
    { pairs: pairsOf(graph, difference.shownOther, difference.keptOther), absent: LOST },
  ];
  for (const run of runs) {
    // An edge that only one run keeps has trails only there.
    if (chosen.length && chosen.every((pair) => pair.became === run.absent)) continue;
    const own = trailsIn({ ...state, pairs: run.pairs }, part);
    own.nodes.forEach((node) => lit.nodes.add(node));
    for (const pair of pairs) {
      if (pair.became === run.absent) continue;
      if (own.fed.has(pair.plain)) lit.fed.add(pair.key);
      if (own.onward.has(pair.plain)) lit.onward.add(pair.key);
    }
  }
  return lit;
}

function keysOf(pairs) {
  return new Set(pairs.map((pair) => pair.key));
}

function trailsIn(state, part) {
  const { graph, pairs } = state;
  const chosen = pairsOfPart(graph, pairs, part);
  const fed = keysOf(chosen);
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
  return { chosen: keysOf(chosen), fed, onward: keysOf(onward), nodes };
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

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
