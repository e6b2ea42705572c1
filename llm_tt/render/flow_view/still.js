// The graph as a still picture: bytes and wishes go in, SVG comes out. No page is needed.

import { stillSvg } from "../canvas/headless.js";
import { percent } from "../canvas/quantities.js";
import { plainTheme } from "../canvas/theme.js";
import { overhangOf } from "./axes.js";
import { namesOfRuns } from "./difference_words.js";
import { fittedTo } from "./fitting.js";
import { fittingTransform, wholeHeight, wholeWidth } from "./layout.js";
import { formatSize, predictionInWords } from "./numbers.js";
import { describePart } from "./parts.js";
import { readPayload } from "./payload.js";
import { PICTURE } from "./picture.js";
import { applyCut, emptyState, rankForTarget, select, usualCut } from "./view_state.js";

const USUAL = 1100;
const LONGEST = 90; // characters of edits in the caption: beyond that the line would leave the picture
const HIGHEST = 900; // as on a page, unless rows would become too thin

// Null where there is no such part to select.
export function stillOf(bytes, { selected, cut, isDark, ...wishes }) {
  const graph = readPayload(bytes);
  const state = { ...emptyState(), graph, theme: plainTheme(isDark), targetLabel: graph.targetLabel ?? null };
  rankForTarget(state, graph.targetPosition);
  state.cut = cut ?? usualCut(state);
  applyCut(state);
  select(state, selected);
  if (selected !== null && !state.selection) return null;
  const fitted = (width, height) => fit(state, width, height);
  return stillSvg(state, { draw: PICTURE.draw, fit: fitted, caption: captionOf(state), usual: USUAL }, wishes);
}

function fit(state, width, height) {
  const heightFor = (axisHeight) => Math.max(height ?? 0, wholeHeight(state.graph, axisHeight, height ?? HIGHEST));
  const layOut = (room) => Object.assign(state, fittedTo(state, { width: room, heightFor, dense: true }));
  const beyond = overhangOf(layOut(width));
  if (beyond > 0) layOut(Math.max(1, width - beyond));
  const { layout } = state;
  // What slants beyond the left edge gets room there.
  layout.size.width += beyond;
  layout.plot.left += beyond;
  state.transform = fittingTransform(layout);
  return { width: wholeWidth(layout), height: layout.size.height };
}

// What the picture shows, and how much of it: target, method, cut.
function captionOf(state) {
  const { graph, position, selection, described } = state;
  const label = (state.targetLabel ?? predictionInWords(graph, position)).replaceAll(/ +/g, " ");
  const routes = `Routes to ${label ? `${label} ` : "the prediction "}after ${graph.tokens[position]} (${position})`
    + (graph.model && !graph.other ? ` in ${graph.model}` : "");
  const part = selection ? ` Selected: ${describePart(graph, selection, (at) => graph.tokens[at])}.` : "";
  return `${routes}, by ${countsInWords(state)}.${leftOut(graph, described)}${part}`;
}

// Where more was asked for than there is room for.
function leftOut({ hidden, floor }, { threshold }) {
  if (!hidden || threshold > floor) return "";
  return ` The ${hidden.edges.toLocaleString("en")} weakest edges are not drawn.`;
}

function countsInWords({ graph, described, difference, otherPairs, agreement }) {
  const many = (number) => number.toLocaleString("en");
  const all = `${many(described.edges)} of ${many(described.candidates)} edges`;
  if (difference) {
    const { ours, theirs } = namesOfRuns(graph);
    return `${graph.methodLabel}, cut at ${formatSize(graph, described.threshold)}: ${all} in ${ours}, `
      + `${many(difference.keptOther.length)} in ${theirs}`;
  }
  const edits = graph.edits.join("; ");
  const run = graph.runLabel ? ` (${graph.runLabel}${edits && edits.length <= LONGEST ? `: ${edits}` : ""})` : "";
  const shown = `${graph.methodLabel}${run}: ${all} (${percent(described.density)}), ${percent(described.mass)} of the weight`;
  if (!graph.other) return shown;
  const shared = otherPairs.length ? `${percent(agreement)} of them are in both` : "they are the same";
  return `${shown}. By ${graph.other.label} as many; ${shared}`;
}
