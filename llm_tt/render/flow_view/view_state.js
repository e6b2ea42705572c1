// What is on the screen, computed from the graph, the target, the cut and the choices of the person.

import { RESIDUAL, positionOf, targetNode } from "./payload.js";
import { pairsOf } from "./curves.js";
import { differenceOf } from "./difference.js";
import { countSurvivors, rankEdges, thresholdOf, describeCut } from "./survival.js";
import { partNamed } from "./parts.js";
import { trailsOf } from "./trails.js";

export function emptyState() {
  return {
    graph: null, position: 0, cut: null, labels: {}, names: {}, curve: null, pins: [], selection: null, trails: null,
    fanned: false, renormalized: false, compact: true, transform: null, pairs: [], otherPairs: [],
    drawn: [], difference: null, inOther: null, shapes: [], squares: [], reached: [], targetLabel: null, isAlone: false,
  };
}

// A cut that shows the main routes and not yet everything; of a graph that was cut before, all of it.
export function usualCut(state) {
  const { graph, ranked } = state;
  if (graph.cut) return graph.cut;
  const wanted = Math.min(140, Math.max(36, 9 * graph.layers + 2 * state.position));
  return { unit: "density", value: Math.min(wanted, Math.max(1, ranked.order.length)) / ranked.candidates };
}

export function rankForTarget(state, position) {
  const { graph } = state;
  state.position = position;
  state.targetNode = targetNode(graph, position);
  state.ranked = rankEdges(graph, graph.weight, position, graph.reachingMass);
  state.rankedOther = graph.otherWeight ? rankEdges(graph, graph.otherWeight, position) : null;
  const strongestOf = (ranked, weight, test) => ranked.order.reduce(
    (most, e) => (test(graph.kind[e]) ? Math.max(most, Math.abs(weight[e])) : most), 0,
  );
  const strongest = (test) => Math.max(
    strongestOf(state.ranked, graph.weight, test),
    graph.other?.run ? strongestOf(state.rankedOther, graph.otherWeight, test) : 0,
  );
  state.reference = strongest((kind) => kind !== RESIDUAL) || 1;
  state.residualReference = strongest((kind) => kind === RESIDUAL) || 1;
}

export function applyCut(state) {
  const { graph, ranked } = state;
  state.threshold = Math.max(thresholdOf(ranked, state.cut), graph.floor);
  state.described = describeCut(ranked, state.threshold);
  const kept = ranked.order.subarray(0, state.described.edges);
  state.kept = kept;
  const weigh = (weights, some) => (state.renormalized ? renormalized(graph, weights, some) : weights);
  state.shown = weigh(graph.weight, kept);
  state.difference = graph.other?.run ? differenceOf(state, weigh) : null;
  state.drawn = state.difference?.drawn ?? kept;
  state.pairs = state.difference?.pairs ?? pairsOf(graph, state.shown, kept);
  compareWithOther(state);
  state.reached = new Uint8Array(graph.positions);
  state.attached = new Set();
  for (const pair of state.pairs) {
    state.reached[positionOf(graph, pair.source)] = 1;
    state.reached[positionOf(graph, pair.target)] = 1;
    if (pair.kind === RESIDUAL) continue;
    state.attached.add(pair.source);
    state.attached.add(pair.target);
  }
  state.reached[state.position] = 1;
  select(state, state.selection?.name ?? null);
}

// As many edges of the other method, and which of them both have.
function compareWithOther(state) {
  const { graph, rankedOther, kept } = state;
  state.otherPairs = [];
  state.inOther = null;
  if (!rankedOther || state.difference) return;
  // Below its floor the other method's edges are not all here, and their order would not be theirs.
  const ranked = graph.other.floor ? countSurvivors(rankedOther, graph.other.floor) : rankedOther.order.length;
  const theirs = rankedOther.order.subarray(0, Math.min(kept.length, ranked));
  state.inOther = new Uint8Array(graph.weight.length);
  for (const e of theirs) state.inOther[e] = 1;
  const ours = new Uint8Array(graph.weight.length);
  for (const e of kept) ours[e] = 1;
  const onlyTheirs = theirs.filter((e) => !ours[e]);
  state.otherPairs = pairsOf(graph, graph.otherWeight, onlyTheirs);
  state.agreement = kept.length ? (theirs.length - onlyTheirs.length) / kept.length : 1;
}

// Weights divided so that the sizes of those that enter one node add up to one.
function renormalized(graph, weights, kept) {
  const sums = new Float64Array(graph.nNodes);
  for (const e of kept) sums[graph.target[e]] += Math.abs(weights[e]);
  const shares = new Float32Array(weights.length);
  for (const e of kept) shares[e] = weights[e] / sums[graph.target[e]];
  return shares;
}

export function select(state, name) {
  state.selection = name ? partNamed(state.graph, name) : null;
  if (state.selection && state.selection.position > state.position) state.selection = null;
  state.trails = state.selection ? trailsOf(state, state.selection) : null;
}

// Where the meter stands between the densities that were measured; null while nothing is known.
export function faithfulnessAt(curve, edges) {
  if (!curve || !edges) return null;
  const points = curve.points.filter((point) => point.retained !== null);
  if (points.length === 0) return null;
  const after = points.findIndex((point) => point.edges >= edges);
  if (after === 0 || after === -1) {
    const end = points.at(after === 0 ? 0 : -1);
    return { ...end, exact: end.edges === edges };
  }
  const [a, b] = [points[after - 1], points[after]];
  if (b.edges === edges) return { ...b, exact: true };
  const t = Math.log(edges / a.edges) / Math.log(b.edges / a.edges);
  const between = (field) => a[field] + t * (b[field] - a[field]);
  return {
    retained: between("retained"), random: between("random"), kl: between("kl"),
    sameTop: t < 0.5 ? a.sameTop : b.sameTop, exact: false,
  };
}
