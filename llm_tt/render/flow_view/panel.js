// Beside the graph, where no dashboard is: what is known of what is selected, and ways on from there.

import { element } from "../canvas/elements.js";
import { percent } from "../canvas/quantities.js";
import { linesOfChange, namesOfRuns } from "./difference_words.js";
import { formatSize, formatWeight, predictionInWords } from "./numbers.js";
import { describePart, edgeName, ownName, partNamed, stateName } from "./parts.js";
import { ATTENTION, MLP, RESIDUAL } from "./payload.js";
import { pairsOfPart } from "./trails.js";

const LINES = 10;

export function fillPanel(box, view) {
  const { state } = view;
  const { selection } = state;
  box.replaceChildren(...(selection ? aboutPart(view, selection) : aboutGraph(view)));
}

function aboutGraph(view) {
  const { graph, position, described, pairs, difference } = view.state;
  const facts = [
    ["explained", view.state.targetLabel ?? predictionInWords(graph, position)],
    ["after", `${graph.tokens[position]} (${position})`],
    ...(graph.model && !graph.other ? [["model", graph.model]] : []),
    ["method", graph.methodLabel],
    ["edges", `${described.edges.toLocaleString("en")} of ${described.candidates.toLocaleString("en")}`],
    ["weight", percent(described.mass)],
  ];
  if (difference) facts.push(["runs", Object.values(namesOfRuns(graph)).join(" → ")]);
  else if (graph.runLabel) facts.push(["run", graph.runLabel]);
  facts.push(...graph.edits.map((edit) => ["edit", edit]));
  const strongest = pairs.filter((pair) => pair.kind !== RESIDUAL);
  return [
    element("p", { class: "hint", text: "Click anything to read it here; the slider cuts the weakest edges." }),
    listOfFacts(facts),
    ...linesOf(view, difference ? "Largest changes" : "Strongest edges", strongest),
  ];
}

function aboutPart(view, part) {
  const { graph, names, labels, pairs, difference } = view.state;
  const own = ownName(names, part);
  const tokens = labels[part.name];
  const isState = part.kind === "state";
  const reads = tokens ? [[isState ? "reads as" : "promotes", tokens.join("  ")]] : [];
  const head = [
    element("h2", { text: describePart(graph, part, (at) => graph.tokens[at]) }),
    element("p", { class: "name", text: own ? `${part.name}  ${own}` : part.name }),
  ];
  if (isState) {
    const ways = [
      ...linesOf(view, "What enters", pairs.filter((pair) => pair.target === part.node)),
      ...linesOf(view, "What leaves", pairs.filter((pair) => pair.source === part.node)),
    ];
    const nothing = element("p", { class: "hint", text: "Nothing on this graph enters or leaves here." });
    return [...head, listOfFacts(reads), ...(ways.length ? ways : [nothing])];
  }
  const mine = pairsOfPart(graph, pairs, part);
  const edges = edgesOf(graph, mine, part);
  if (difference && mine.length === 1) {
    const lines = linesOfChange(view.state, mine[0], edges).map(([, text]) => element("p", { text }));
    return [...head, ...lines, listOfFacts(reads), ...ends(view, part)];
  }
  return [
    ...head, listOfFacts([...weightsOf(view.state, edges), ...reads]),
    ...(edges.length > 1 ? headsOf(view, edges) : []),
    ...ends(view, part),
  ];
}

// A head alone is one edge of a pair; a head at a position, one of each pair that enters there.
function edgesOf(graph, pairs, part) {
  const all = pairs.flatMap((pair) => pair.edges);
  return part.head === undefined ? all : all.filter((e) => graph.head[e] === part.head);
}

function weightsOf({ graph, shown, ranked }, edges) {
  if (edges.length === 0) return [["weight", "cut away"]];
  const sum = edges.reduce((total, e) => total + shown[e], 0);
  const survival = edges.reduce((most, e) => Math.max(most, ranked.survival[e]), 0);
  const facts = [["weight", `${formatWeight(graph, sum)} ${graph.unit}`], ["survives to", formatSize(graph, survival)]];
  if (!graph.otherWeight) return facts;
  const other = edges.reduce((total, e) => total + graph.otherWeight[e], 0);
  return [...facts, [graph.other.label, formatWeight({ signed: graph.other.signed }, other)]];
}

function headsOf(view, edges) {
  const { graph, shown } = view.state;
  const some = edges.filter((e) => graph.kind[e] === ATTENTION);
  if (some.length === 0) return [];
  const entries = some.map((e) => ({
    name: nameOf(graph, e), text: `L${layerOf(graph, e)}H${graph.head[e]} from ${tokenOf(graph, graph.source[e])}`, weight: shown[e],
  }));
  return list(view, "Heads", entries);
}

// States at both ends, to go on from.
function ends(view, part) {
  const { graph } = view.state;
  const states = [part.source, part.node].filter((node) => node !== null && node !== undefined);
  const buttons = states.map((node, i) => {
    const state = stateName(graph, node);
    const words = describePart(graph, partNamed(graph, state), (at) => graph.tokens[at]);
    const text = `${states.length > 1 && i === 0 ? "from" : "into"}: ${words}`;
    return element("li", { class: "way" }, element("button", { type: "button", class: "line", text, onclick: () => view.choose(state) }));
  });
  return [element("h3", { text: "Between" }), element("ul", { class: "token-list" }, ...buttons)];
}

function linesOf(view, heading, pairs) {
  const { graph } = view.state;
  return list(view, heading, pairs.map((pair) => ({
    name: edgeName(graph, pair.source, pair.target, pair.kind, pair.edges.length === 1 && pair.kind === ATTENTION ? graph.head[pair.edges[0]] : undefined),
    text: shortName(graph, pair), weight: pair.weight,
  })));
}

// Rows with bars, as long as the strongest allows; each is a button.
function list(view, heading, entries) {
  if (entries.length === 0) return [];
  const { graph } = view.state;
  const strongest = [...entries].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const most = Math.abs(strongest[0].weight) || 1;
  const rows = strongest.slice(0, LINES).map(({ name, text, weight }) => {
    const fill = element("span", { class: weight < 0 ? "fill negative" : "fill" });
    fill.style.width = `${(100 * Math.abs(weight)) / most}%`;
    return element("li", {}, element("button", { type: "button", class: "line", title: name, onclick: () => view.choose(name) },
      element("span", { text }), element("span", { class: "bar" }, fill),
      element("span", { class: "amount", text: formatWeight(graph, weight) })));
  });
  const more = strongest.length - rows.length;
  if (more > 0) rows.push(element("li", { class: "hint", text: `and ${more.toLocaleString("en")} more` }));
  return [element("h3", { text: heading }), element("ul", { class: "token-list edges" }, ...rows)];
}

function shortName(graph, { source, target, kind, edges }) {
  const layer = `L${layerOf(graph, edges[0])}`;
  if (kind === MLP) return `${layer} mlp at ${tokenOf(graph, target)}`;
  if (kind === RESIDUAL) return `${layer} residual at ${tokenOf(graph, target)}`;
  const heads = edges.length === 1 ? `H${graph.head[edges[0]]}` : ` ${edges.length} heads`;
  return `${layer}${heads}: ${tokenOf(graph, source)} → ${tokenOf(graph, target)}`;
}

function nameOf(graph, e) {
  return edgeName(graph, graph.source[e], graph.target[e], graph.kind[e], graph.head[e]);
}

function layerOf(graph, e) {
  return Math.floor((graph.target[e] / graph.positions - 1) / (graph.parallel ? 1 : 2));
}

function tokenOf(graph, node) {
  return graph.tokens[node % graph.positions];
}

function listOfFacts(facts) {
  return element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]));
}
