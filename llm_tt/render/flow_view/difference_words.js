// The difference of two runs in words: for the card, the meter, the list and screen readers.

import { GAINED, LOST, NAMES, SAME, STRONGER, WEAKER, isNoticeable } from "./difference.js";
import { formatSize, formatWeight } from "./numbers.js";
import { percent } from "../canvas/quantities.js";

export function namesOfRuns(graph) {
  return { ours: graph.runLabel ?? "base", theirs: graph.other.label };
}

// "gained 12, lost 9, changed 14, same 60"
export function countsInWords({ gained, lost, changed, same }) {
  const parts = { gained, lost, changed, same };
  return Object.entries(parts).map(([word, n]) => `${word} ${n.toLocaleString("en")}`).join(", ");
}

export function directionsInWords({ stronger, weaker }) {
  return `Of the changed ones, ${stronger.toLocaleString("en")} are stronger and ${weaker.toLocaleString("en")} weaker.`;
}

// Lines of the card about edges that became the same thing.
export function linesOfChange(state, pair, edges) {
  const { graph, ranked, rankedOther } = state;
  const { ours, theirs } = namesOfRuns(graph);
  const [before, after] = [weightIn(state, edges, "ours"), weightIn(state, edges, "theirs")];
  const survival = (of) => formatSize(graph, edges.reduce((most, e) => Math.max(most, of.survival[e]), 0));
  const unit = ` ${graph.unit}`;
  const lines = [
    ["became", whatBecame(state, pair, edges)],
    ["weight", `${ours} ${before.words}  →  ${theirs} ${after.words}${unit}`],
  ];
  if (before.isKnown && after.isKnown) lines.push(["weight", inOneLine(graph, pair, before.sum, after.sum)]);
  lines.push(["weight", `survives to ${survival(ranked)} in ${ours}, to ${survival(rankedOther)} in ${theirs}`]);
  if (edges.length > 1) lines.push(["weight", headsInWords(state, edges)]);
  return lines;
}

// An edge may come or go with the ways that lead over it, and itself weigh what it did.
function inOneLine(graph, { became }, before, after) {
  const isOneSided = became === GAINED || became === LOST;
  if (isOneSided && !isNoticeable(before, after, graph.other.run.noticeable)) {
    const { ours, theirs } = namesOfRuns(graph);
    return `as heavy in ${became === GAINED ? ours : theirs}, but on no way there that survives the cut`;
  }
  return `difference ${formatDifference(graph, after - before)}`;
}

function whatBecame({ graph, shown, difference }, { became }, edges) {
  const { ours, theirs } = namesOfRuns(graph);
  const hasTurned = edges.length === 1 && shown[edges[0]] * difference.shownOther[edges[0]] < 0;
  switch (became) {
    case GAINED: return `Gained: kept only in ${theirs}`;
    case LOST: return `Lost: kept only in ${ours}`;
    case SAME: return `Same in both, within ${percent(graph.other.run.noticeable)}`;
    default: return `${became === STRONGER ? "Stronger" : "Weaker"} in ${theirs}${hasTurned ? ", with the other sign" : ""}`;
  }
}

// Shares of what is kept know nothing about what is not.
function weightIn(state, edges, run) {
  const { graph, difference, renormalized } = state;
  const [weights, absent] = run === "ours" ? [state.shown, GAINED] : [difference.shownOther, LOST];
  const isCut = difference.became[edges[0]] === absent;
  const sum = edges.reduce((total, e) => total + weights[e], 0);
  if (!isCut) return { sum, words: formatWeight(graph, sum), isKnown: true };
  return renormalized
    ? { sum: 0, words: "cut away", isKnown: false }
    : { sum, words: `${formatWeight(graph, sum)} (cut away)`, isKnown: true };
}

function headsInWords(state, edges) {
  const { graph } = state;
  const change = (e) => Math.abs(state.difference.shownOther[e] - state.shown[e]);
  const most = [...edges].sort((a, b) => change(b) - change(a));
  const heads = most.slice(0, 3).map((e) => `H${graph.head[e]} ${beforeAndAfter(state, [e])}`);
  return heads.join(", ") + (edges.length > 3 ? ` and ${edges.length - 3} more heads` : "");
}

// "3.2 % → 5.1 %"; what is cut away is said as such.
export function beforeAndAfter(state, edges) {
  const plain = (run) => weightIn(state, edges, run).words.replace(/.*\(cut away\)/, "cut away");
  return `${plain("ours")} → ${plain("theirs")}`;
}

// Shares differ in points, everything else in its own unit.
function formatDifference(graph, change) {
  if (graph.signed) return formatWeight(graph, change);
  return `${change > 0 ? "+" : ""}${percent(change).replace(" %", " points")}`;
}

// "2 gained, 5 same enter here"
export function enteringInWords(pairs) {
  const count = (became) => pairs.reduce((sum, pair) => sum + (pair.became === became ? pair.edges.length : 0), 0);
  const parts = [GAINED, LOST, STRONGER, WEAKER, SAME].map((became) => [count(became), NAMES[became]]);
  return `Edges that enter: ${parts.filter(([n]) => n).map(([n, word]) => `${word} ${n}`).join(", ")}`;
}
