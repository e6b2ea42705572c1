// What the card beside the pointer says of a node or an edge.

import { percent } from "../canvas/quantities.js";
import { contributionInWords, ordinal, size } from "./measures.js";

// What is said of the tokens at both ends of a reading; of all other kinds, that they are promoted and suppressed.
const STATE = ["reads as", "least likely"];
const VERBS = {
  input: STATE, mid: STATE, output: STATE, norm_attention: STATE, norm_mlp: STATE,
  query: ["looks for", "avoids"], key: ["found by", "passed over by"], neuron_in: ["excited by", "inhibited by"],
};
const NOTICED = 0.0001; // smaller probabilities are only said to be smaller
const ATTENDED = ["key", "value", "others_keys"];

// [kind, text] for each line.
export function linesOfNode(graph, node) {
  const { nodes } = graph;
  const lines = [["title", nodes.title[node]]];
  if (nodes.key[node] >= 0) lines.push(["weight", `made by ${graph.tokens[nodes.key[node]]} (${nodes.key[node]})`]);
  const promoted = nodes.promoted[node];
  if (promoted.length) {
    const [first, last] = readingVerbs(graph, node);
    lines.push(["reads", `${first}  ${promoted.join("  ")}`]);
    lines.push(["weight tokens", `${last}  ${nodes.suppressed[node].join("  ")}`]);
  }
  const rank = rankInWords(graph, node);
  if (rank) lines.push(["weight", rank]);
  lines.push(...numbersOf(graph, node).map(([name, value]) => ["weight", name ? `${name} ${value}` : value]));
  if (promoted.length && nodes.how[node]) lines.push(["how", nodes.how[node]]);
  return lines;
}

export function readingVerbs(graph, node) {
  return VERBS[graph.nodes.kind[node]] ?? ["promotes", "suppresses"];
}

// What a token is read with: states say probabilities.
export function readingInWords({ nodes }, node, amount) {
  if (VERBS[nodes.kind[node]] !== STATE) return amount.toFixed(2).replace("-", "−");
  return amount < NOTICED ? `< ${percent(NOTICED)}` : percent(amount);
}

export function rankInWords(graph, node) {
  const { rank, probability } = graph.nodes;
  if (rank[node] === null) return null;
  const place = `${graph.target} is ${ordinal(rank[node])} of ${graph.vocabulary.toLocaleString("en")}`;
  return probability[node] === null ? place : `${place}, ${percent(probability[node])}`;
}

// [name, value]: what there is of contribution, length, attention or activation, and entropy.
export function numbersOf(graph, node) {
  const { contribution, norm, coefficient, entropy, kind } = graph.nodes;
  const numbers = [];
  if (contribution[node] !== null) numbers.push(["", contributionInWords(graph, contribution[node])]);
  if (norm[node] !== null) numbers.push(["length", size(norm[node])]);
  if (coefficient[node] !== null) {
    const isAttention = ATTENDED.includes(kind[node]);
    numbers.push(isAttention ? ["attention", percent(coefficient[node])] : ["activation", size(coefficient[node])]);
  }
  if (entropy[node] !== null) numbers.push(["entropy", `${entropy[node].toFixed(2)} nats`]);
  return numbers;
}

export function linesOfEdge(graph, edge) {
  const { source, target, contribution, norm, attention, part } = graph.edges;
  const { title } = graph.nodes;
  const lines = [["title", `${title[source[edge]]} → ${title[target[edge]]}`]];
  if (part[edge]) lines.push(["weight", "the residual stream, unchanged"]);
  if (contribution[edge] !== null) lines.push(["weight", contributionInWords(graph, contribution[edge])]);
  if (norm[edge] !== null) lines.push(["weight", `length ${size(norm[edge])}`]);
  if (attention[edge] !== null) lines.push(["weight", `attention ${percent(attention[edge])}`]);
  return lines;
}
