// Two runs of one prompt, cut at one threshold: what became of each edge.

import { ATTENTION, MLP, RESIDUAL } from "./payload.js";
import { countSurvivors } from "./survival.js";

export const NEITHER = 0;
export const GAINED = 1; // kept only in the other run
export const LOST = 2; // kept only in ours
export const STRONGER = 3; // kept in both, and noticeably larger by size in the other run
export const WEAKER = 4;
export const SAME = 5;
export const NAMES = ["neither", "gained", "lost", "stronger", "weaker", "same"]; // also of their colours

const QUIET_FIRST = [SAME, WEAKER, STRONGER, LOST, GAINED];
const KINDS = [RESIDUAL, ATTENTION, MLP];
const GAP = 9; // between the curves of two heads that went different ways

// `weigh(weights, kept)` makes of weights what is shown.
export function differenceOf({ graph, kept, shown, rankedOther, threshold, fanned }, weigh) {
  const keptOther = rankedOther.order.subarray(0, countSurvivors(rankedOther, threshold));
  const shownOther = weigh(graph.otherWeight, keptOther);
  const became = new Uint8Array(graph.weight.length);
  for (const e of kept) became[e] = LOST;
  const gained = [];
  for (const e of keptOther) {
    if (became[e] === NEITHER) gained.push(e);
    became[e] = became[e] === NEITHER ? GAINED : comparedSize(shown[e], shownOther[e], graph.other.run.noticeable);
  }
  const drawn = new Uint32Array(kept.length + gained.length);
  drawn.set(kept);
  drawn.set(gained, kept.length);
  const difference = { keptOther, shownOther, became, drawn };
  difference.counts = countsOf(drawn, became);
  difference.pairs = changedPairs(graph, shown, difference, fanned);
  return difference;
}

function comparedSize(ours, theirs, noticeable) {
  if (!isNoticeable(ours, theirs, noticeable)) return SAME;
  return Math.abs(theirs) >= Math.abs(ours) ? STRONGER : WEAKER;
}

export function isNoticeable(ours, theirs, noticeable) {
  return Math.abs(theirs - ours) > noticeable * Math.max(Math.abs(ours), Math.abs(theirs));
}

function countsOf(drawn, became) {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const e of drawn) counts[became[e]] += 1;
  return {
    gained: counts[GAINED], lost: counts[LOST], stronger: counts[STRONGER], weaker: counts[WEAKER],
    changed: counts[STRONGER] + counts[WEAKER], same: counts[SAME],
  };
}

// What came or went on the picture, where an edge that is cut away counts as nothing.
export function changeOn({ became, shownOther }, shown, e) {
  return (became[e] === LOST ? 0 : shownOther[e]) - (became[e] === GAINED ? 0 : shown[e]);
}

// Like `pairsOf`, but heads that became something else stay apart. What changed lies above what did not.
function changedPairs(graph, shown, difference, fanned) {
  const { drawn, became } = difference;
  const pairs = new Map();
  const beside = new Map(); // the pairs between the same nodes
  for (const e of drawn) {
    const plain = (graph.target[e] * graph.nNodes + graph.source[e]) * 3 + graph.kind[e];
    const key = plain * 6 + became[e];
    let pair = pairs.get(key);
    if (!pair) {
      pair = {
        key, plain, source: graph.source[e], target: graph.target[e], kind: graph.kind[e], became: became[e],
        edges: [], weight: 0, strength: 0, bend: 0,
      };
      pairs.set(key, pair);
      const others = beside.get(plain);
      if (others) others.push(pair);
      else beside.set(plain, [pair]);
    }
    const change = changeOn(difference, shown, e);
    pair.edges.push(e);
    pair.weight += change;
    pair.strength += Math.abs(change);
  }
  for (const group of beside.values()) if (group.length > 1) spread(group, fanned);
  return inOrder(pairs.values());
}

// Side by side; fanned out, each gets the room of its heads.
function spread(group, fanned) {
  const widths = group.map((pair) => (fanned ? 2 * GAP * pair.edges.length : GAP));
  let left = -widths.reduce((sum, width) => sum + width, 0) / 2;
  group.forEach((pair, i) => {
    pair.bend = left + widths[i] / 2;
    left += widths[i];
  });
}

function inOrder(pairs) {
  const shelves = QUIET_FIRST.map(() => KINDS.map(() => []));
  const shelfOf = [];
  QUIET_FIRST.forEach((became, i) => (shelfOf[became] = shelves[i]));
  for (const pair of pairs) shelfOf[pair.became][KINDS.indexOf(pair.kind)].push(pair);
  return shelves.flat(2);
}
