// How an edge is drawn: its colour says of what kind it is or whether it helps, its width how much.

import { amountOf, isResidual } from "./payload.js";

const HAIR = { width: 0.8, alpha: 0.4 }; // where the measure says nothing

export function colourOf(theme, graph, edge) {
  if (isResidual(graph, edge)) return theme.residual;
  if (graph.measure === "contribution") return amountOf(graph, edge) < 0 ? theme.negative : theme.positive;
  return graph.edges.kind[edge] === "mlp" ? theme.mlp : theme.attention;
}

export function strokeOf(graph, edge) {
  return strokeFor(graph, amountOf(graph, edge), isResidual(graph, edge));
}

export function strokeFor(graph, amount, residual = false) {
  if (amount === null || amount === undefined) return HAIR;
  if (residual) {
    const part = Math.min(1, Math.abs(amount) / graph.residualReference);
    return { width: 0.9 + 2.2 * part, alpha: 0.45 + 0.5 * part };
  }
  const share = Math.min(1, Math.abs(amount) / graph.reference);
  return { width: 0.7 + 4.6 * share ** 0.8, alpha: Math.min(0.95, 0.3 + 0.65 * share ** 0.6) };
}
