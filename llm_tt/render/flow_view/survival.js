// Survival: the largest threshold at which an edge lies on a way from an input token to the target; exactly what
// the library computes, here again so that neither the slider nor another target needs the server.

import { countCandidates, targetNode } from "./payload.js";

// Edges come layer by layer and, within a layer, sum by sum: forwards, all edges into a node come before those
// out of it; backwards, the other way round. So each direction is one sweep.
export function survivalOf(graph, weight, position) {
  const { source, target, positions } = graph;
  const n = weight.length;
  const down = new Float32Array(graph.nNodes); // widest way from a node to the target
  const up = new Float32Array(graph.nNodes); // widest way from any embedding to a node
  down[targetNode(graph, position)] = Infinity;
  for (let e = n - 1; e >= 0; e--) {
    const width = Math.min(Math.abs(weight[e]), down[target[e]]);
    if (width > down[source[e]]) down[source[e]] = width;
  }
  up.fill(Infinity, 0, positions);
  for (let e = 0; e < n; e++) {
    const width = Math.min(Math.abs(weight[e]), up[source[e]]);
    if (width > up[target[e]]) up[target[e]] = width;
  }
  const survival = new Float32Array(n);
  for (let e = 0; e < n; e++) {
    survival[e] = Math.min(Math.abs(weight[e]), down[target[e]], up[source[e]]);
  }
  return survival;
}

// Everything that a slider needs about one target: survivals in falling order, and the mass up to each of them.
export function rankEdges(graph, weight, position, totalMass) {
  const survival = survivalOf(graph, weight, position);
  const alive = [];
  for (let e = 0; e < survival.length; e++) if (survival[e] > 0) alive.push(e);
  const order = Uint32Array.from(alive).sort((a, b) => survival[b] - survival[a]);
  const values = Float32Array.from(order, (e) => survival[e]);
  const mass = new Float64Array(order.length);
  let sum = 0;
  order.forEach((e, i) => (mass[i] = sum += Math.abs(weight[e])));
  return {
    survival, order, values, mass,
    position,
    candidates: countCandidates(graph, position),
    total: totalMass ?? sum,
  };
}

// How many edges survive a threshold; those that only tie with it survive too.
export function countSurvivors(ranked, threshold) {
  const limit = Math.fround(threshold);
  let low = 0;
  let high = ranked.values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranked.values[middle] >= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The threshold that a cut comes to; `cut` is {unit: "threshold" | "density" | "mass", value}.
export function thresholdOf(ranked, cut) {
  const n = ranked.values.length;
  if (cut.unit === "threshold") return cut.value;
  if (n === 0) return 0;
  if (cut.unit === "density") {
    const wanted = Math.max(1, roundHalfToEven(cut.value * ranked.candidates));
    return ranked.values[Math.min(wanted, n) - 1];
  }
  if (cut.value >= 1) return ranked.values[n - 1];
  const wanted = cut.value * ranked.total;
  let first = 0;
  while (first < n - 1 && ranked.mass[first] < wanted) first++;
  return ranked.values[first];
}

// The same cut said in all three ways.
export function describeCut(ranked, threshold) {
  const edges = countSurvivors(ranked, threshold);
  return {
    threshold,
    edges,
    candidates: ranked.candidates,
    density: edges / ranked.candidates,
    mass: edges && ranked.total > 0 ? ranked.mass[edges - 1] / ranked.total : 0,
  };
}


function roundHalfToEven(value) {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
