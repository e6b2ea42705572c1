// Weights as a person reads them: a share, or what something adds to the target.

import { percent, signed } from "../canvas/quantities.js";

// A weight in its own unit.
export function formatWeight(graph, weight) {
  return graph.signed ? signed(weight) : percent(weight);
}

// The same without a sign: a threshold, a survival.
export function formatSize(graph, size) {
  return graph.signed ? formatWeight(graph, size).replace("+", "") : percent(size);
}

// What the model says after a position, and of two runs both.
export function predictionInWords(graph, at, shorten = (token) => token) {
  const said = [graph.predictions[at], graph.other?.run?.predictions[at]].filter(Boolean);
  return said.map(({ token, probability }) => `${shorten(token)}  ${percent(probability)}`).join("  →  ");
}
