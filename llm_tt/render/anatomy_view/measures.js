// The measures of an edge, as a person reads them: what it adds to the target, its length, the attention paid.

import { percent, signed } from "../canvas/quantities.js";

export function contributionInWords(graph, value) {
  const against = graph.contrast ? `${graph.target} − ${graph.contrast}` : graph.target;
  return `${signed(value)} ${graph.unit} to ${against}`;
}

// In the measure that widths show.
export function amountInWords(graph, value) {
  if (graph.measure === "contribution") return signed(value);
  return graph.measure === "attention" ? percent(value) : size(value);
}

// The same without a sign, for samples.
export function sampleInWords(graph, value) {
  return amountInWords(graph, value).replace("+", "");
}

export function size(value) {
  const most = Math.abs(value);
  return value.toFixed(most >= 100 ? 0 : most >= 10 ? 1 : most >= 0.1 ? 2 : 4).replace("-", "−");
}

export function ordinal(number) {
  const ten = Math.floor(number / 10) % 10;
  const ending = ten === 1 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th";
  return `${number.toLocaleString("en")}${ending}`;
}
