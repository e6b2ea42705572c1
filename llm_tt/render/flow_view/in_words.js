// The graph as text, for screen readers and for whoever would rather read.

import { element } from "../canvas/elements.js";
import { NAMES } from "./difference.js";
import { beforeAndAfter, countsInWords, directionsInWords, namesOfRuns } from "./difference_words.js";
import { formatWeight } from "./numbers.js";
import { percent } from "../canvas/quantities.js";
import { describePart, edgeName, partNamed } from "./parts.js";

const LINES = 40;

export function summary(state) {
  const { graph, described, position, difference } = state;
  const token = graph.predictions[position]?.token ?? "";
  if (difference) {
    const { ours, theirs } = namesOfRuns(graph);
    return `Difference of two runs, ${ours} and ${theirs}, in the flow to the prediction after ${graph.tokens[position]}: `
      + `${countsInWords(difference.counts)}. ${directionsInWords(difference.counts)}`;
  }
  return `Information flow to the prediction ${token} after ${graph.tokens[position]}: `
    + `${described.edges} of ${described.candidates} edges, ${percent(described.mass)} of the weight.`;
}

// The strongest edges of the cut, residual left out, as buttons that select them; in a difference, what changed most.
export function fillWords(list, state, onSelect) {
  const { graph } = state;
  const pairs = state.pairs.filter((pair) => pair.kind !== 1).sort((a, b) => b.strength - a.strength);
  list.replaceChildren(...pairs.slice(0, LINES).map((pair) => {
    const head = pair.kind === 0 && pair.edges.length === 1 ? graph.head[pair.edges[0]] : undefined;
    const part = partNamed(graph, edgeName(graph, pair.source, pair.target, pair.kind, head));
    const weight = state.difference
      ? `${NAMES[pair.became]}, ${beforeAndAfter(state, pair.edges)}`
      : formatWeight(graph, pair.weight);
    const words = `${describePart(graph, part, (at) => graph.tokens[at])}: ${weight}`;
    return element("li", {}, element("button", { type: "button", class: "line", text: words, onclick: () => onSelect(part.name) }));
  }));
}
