// The picture as text, for screen readers and for whoever would rather read.

import { element } from "../canvas/elements.js";
import { contributionInWords, size } from "./measures.js";
import { readingVerbs } from "./card_lines.js";

const LINES = 40;
const STATES = ["input", "mid", "output"];

export function summary(graph) {
  const { layers, tokens, position, nNodes } = graph;
  const [first, last] = [layers[0], layers.at(-1)];
  const where = first === last ? `Layer ${first}` : `Layers ${first} to ${last}`;
  const [strongest] = strongestNodes(graph);
  const most = strongest === undefined ? "" : ` Most comes from: ${lineOf(graph, strongest)}.`;
  return `${where} at ${tokens[position]} (${position}), on the way to ${graph.target}: ${nNodes} parts.${most}`;
}

// All but the states, by what they add to the target, or by their length where that is what is shown.
export function strongestNodes(graph) {
  const { kind, contribution, norm } = graph.nodes;
  const by = graph.measure === "norm" ? norm : contribution;
  return kind.map((_, node) => node).filter((node) => !STATES.includes(kind[node]))
    .sort((a, b) => Math.abs(by[b]) - Math.abs(by[a]));
}

function lineOf(graph, node) {
  const { title, contribution, norm, promoted } = graph.nodes;
  const amount = graph.measure === "norm" || contribution[node] === null ? `length ${size(norm[node])}` : contributionInWords(graph, contribution[node]);
  const reading = promoted[node].length ? `, ${readingVerbs(graph, node)[0]} ${promoted[node].slice(0, 3).join(" ")}` : "";
  return `${title[node]}: ${amount}${reading}`;
}

export function describe(graph, { node, edge }) {
  const { title } = graph.nodes;
  return node === undefined ? `${title[graph.edges.source[edge]]} to ${title[graph.edges.target[edge]]}` : title[node];
}

// Buttons that select.
export function fillWords(list, graph, onSelect) {
  list.replaceChildren(...strongestNodes(graph).slice(0, LINES).map((node) => element("li", {}, element("button", {
    type: "button", class: "line", text: lineOf(graph, node), onclick: () => onSelect(graph.nodes.name[node]),
  }))));
}
