// Beside the picture, where no dashboard is: everything that is known of what is selected.

import { element } from "../canvas/elements.js";
import { linesOfEdge, numbersOf, rankInWords, readingInWords, readingVerbs } from "./card_lines.js";
import { lastNode } from "./view_state.js";

export function fillPanel(box, graph, selection) {
  const hint = selection ? null : "Click anything to read it here. This is where the prediction is made:";
  const { node, edge } = selection ?? { node: lastNode(graph) };
  box.replaceChildren(
    ...(hint ? [element("p", { class: "hint", text: hint })] : []),
    ...(node === undefined ? partsOfEdge(graph, edge) : partsOfNode(graph, node)),
  );
}

function partsOfEdge(graph, edge) {
  const [[, title], ...lines] = linesOfEdge(graph, edge);
  const name = graph.edges.part[edge] ?? "";
  return [element("h2", { text: title }), element("p", { class: "name", text: name }), ...lines.map(([, text]) => element("p", { text }))];
}

function partsOfNode(graph, node) {
  const { nodes, tokens } = graph;
  const key = nodes.key[node];
  const [first, last] = readingVerbs(graph, node);
  const facts = numbersOf(graph, node).map(([name, value]) => [name || "contribution", value]);
  if (key >= 0) facts.unshift(["made by", `${tokens[key]} (${key})`]);
  const rank = rankInWords(graph, node);
  if (rank) facts.push(["target", rank.replace(" %", "\u00a0%")]); // the line is narrow
  return [
    element("h2", { text: nodes.title[node] }),
    element("p", { class: "name", text: nodes.name[node] }),
    element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })])),
    ...listOf(graph, node, first, [nodes.promoted[node], nodes.promotedBy[node]]),
    ...listOf(graph, node, last, [nodes.suppressed[node], nodes.suppressedBy[node]]),
    element("p", { class: "hint", text: nodes.how[node] ?? "" }),
  ];
}

// Tokens with bars, as long as the strongest of both lists allows.
function listOf(graph, node, heading, [tokens, amounts]) {
  if (tokens.length === 0) return [];
  const { promotedBy, suppressedBy } = graph.nodes;
  const most = Math.max(...[...promotedBy[node], ...suppressedBy[node]].map(Math.abs)) || 1;
  const rows = tokens.map((token, i) => {
    const fill = element("span", { class: amounts[i] < 0 ? "fill negative" : "fill" });
    fill.style.width = `${(100 * Math.abs(amounts[i])) / most}%`;
    return element("li", {},
      element("span", { class: "token", text: token }), element("span", { class: "bar" }, fill),
      element("span", { class: "amount", text: readingInWords(graph, node, amounts[i]) }));
  });
  return [element("h3", { text: heading }), element("ul", { class: "token-list" }, ...rows)];
}
