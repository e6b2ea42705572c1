// How an edge is drawn: its colour, width and dash say what it is.

import { RESIDUAL } from "./payload.js";
import { NAMES, SAME } from "./difference.js";

const CROWD = 1500; // of lines: a browser draws those below one pixel several times as fast

export function colourOf(theme, graph, pair) {
  if (pair.became) return theme[NAMES[pair.became]];
  if (pair.kind === RESIDUAL) return theme.residual;
  if (graph.signed) return pair.weight < 0 ? theme.negative : theme.positive;
  return pair.kind === 0 ? theme.attention : theme.mlp;
}

export function strokeOf(state, pair, strength = pair.strength) {
  if (pair.kind === RESIDUAL) {
    const part = Math.min(1, strength / state.residualReference);
    return pair.became ? strokeOfChange(state, pair.became, 1.8 * part) : { width: 0.9 + 1.8 * part, alpha: 0.45 + 0.5 * part };
  }
  const share = Math.min(1.6, strength / state.reference);
  if (pair.became) return strokeOfChange(state, pair.became, 4.2 * share ** 0.8);
  return { width: Math.min(6, 0.7 + 4.2 * share ** 0.8), alpha: Math.min(0.95, 0.3 + 0.65 * share ** 0.6) };
}

// As wide as what came or went; what stayed the same is there, and no more.
function strokeOfChange({ pairs }, became, width) {
  if (became === SAME) return { width: 1, alpha: 0.55 };
  const least = pairs.length > CROWD ? 0.7 : 1.3;
  return { width: Math.min(6, least + width), alpha: Math.min(1, 0.8 + 0.1 * width) };
}

// Of a line with round ends, so that gaps stay open however wide it is.
export function dashOf(width) {
  return [4 + 0.5 * width, 4 + 1.5 * width];
}
