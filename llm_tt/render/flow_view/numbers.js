// Numbers as a person reads them.

export function percent(share) {
  const size = Math.abs(100 * share);
  const digits = size === 0 ? "0" : size < 0.1 ? size.toPrecision(1) : size.toFixed(size < 10 ? 1 : 0);
  return `${share < 0 ? "−" : ""}${digits} %`;
}

// A weight in its own unit: a share, or what it adds to the target.
export function formatWeight(graph, weight) {
  if (!graph.signed) return percent(weight);
  const size = Math.abs(weight);
  const digits = size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
  return `${weight < 0 ? "−" : "+"}${size.toFixed(digits)}`;
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
