// What the card beside the pointer says: what is there, what it weighs, how it reads.

import { enteringInWords, linesOfChange } from "./difference_words.js";
import { formatSize, formatWeight, predictionInWords } from "./numbers.js";
import { describePart, ownName } from "./parts.js";
import { MLP, RESIDUAL } from "./payload.js";
import { pairsOfPart } from "./trails.js";

export function linesOf(state, found) {
  return found.target === undefined ? linesOfPart(state, found) : linesOfTarget(state, found.target);
}

function linesOfTarget({ graph, position, isAlone }, at) {
  const another = isAlone && !graph.everyTarget ? "This file explains another prediction." : "Click to trace this prediction.";
  return [
    ["title", `After ${graph.tokens[at]} (${at})`],
    ["reads", predictionInWords(graph, at)],
    ["weight", at === position ? "The routes to this prediction are shown." : another],
  ];
}

export function linesOfPart(state, { part, pair = pairsOfPart(state.graph, state.pairs, part)[0], edges }) {
  const { graph, labels, names } = state;
  const lines = [["title", describePart(graph, part, (at) => graph.tokens[at])]];
  if (pair) lines.push(...linesOfPair(state, pair, edges ?? edgesOfPart(graph, pair, part)));
  else if (part.kind === "state") lines.push(...linesOfState(state, part));
  else lines.push(["weight", "Not on this graph: cut away."]);
  const own = ownName(names, part);
  if (own) lines.splice(1, 0, ["own-name", own]);
  const tokens = labels[part.name];
  if (tokens) lines.push(["reads", `${part.kind === "state" ? "reads as" : "promotes"}  ${tokens.join("  ")}`]);
  return lines;
}

// A head alone is one edge of its pair.
function edgesOfPart(graph, { edges }, part) {
  return part.kind === "message" ? edges.filter((e) => graph.head[e] === part.head) : edges;
}

function linesOfPair(state, pair, edges) {
  if (state.difference) return linesOfChange(state, pair, edges);
  const { graph, shown, ranked } = state;
  const sum = edges.reduce((total, e) => total + shown[e], 0);
  const survival = edges.reduce((most, e) => Math.max(most, ranked.survival[e]), 0);
  const lines = [["weight", `${formatWeight(graph, sum)}${unitOf(graph)}, survives to ${formatSize(graph, survival)}`]];
  if (pair.kind !== RESIDUAL && pair.kind !== MLP && edges.length > 1) {
    const strongest = [...edges].sort((a, b) => Math.abs(shown[b]) - Math.abs(shown[a]));
    const heads = strongest.slice(0, 4).map((e) => `H${graph.head[e]} ${formatWeight(graph, shown[e])}`);
    lines.push(["weight", heads.join(", ") + (edges.length > 4 ? ` and ${edges.length - 4} more heads` : "")]);
  }
  if (graph.otherWeight) {
    const other = edges.reduce((total, e) => total + graph.otherWeight[e], 0);
    lines.push(["weight", `${graph.other.label}: ${formatWeight({ signed: graph.other.signed }, other)}`]);
  }
  return lines;
}

function linesOfState({ graph, pairs, position, difference }, part) {
  const into = pairs.filter((pair) => pair.target === part.node);
  if (part.layer < 0) return [];
  if (part.position > position) return [["weight", "Behind the target: nothing flows back from here."]];
  if (into.length === 0) return [["weight", "Nothing on this graph enters here."]];
  if (difference) return [["weight", enteringInWords(into)]];
  const most = into.reduce((a, b) => (b.strength > a.strength ? b : a));
  const kinds = ["attention", "the residual", "the MLP"];
  return [["weight", `${into.length} ${into.length === 1 ? "edge enters" : "edges enter"}, most from ${kinds[most.kind]} (${formatWeight(graph, most.weight)})`]];
}

function unitOf(graph) {
  return ` ${graph.unit}`;
}
