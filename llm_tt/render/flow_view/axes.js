// What stands around the picture: tokens below, the prediction above, the legend.

import { ellipsize, widthOf } from "../canvas/lettering.js";
import { drawMore } from "../canvas/beyond.js";
import { toScreen } from "../canvas/camera.js";
import { drawLegend } from "./legend.js";
import { namesOfRuns } from "./difference_words.js";
import { predictionInWords } from "./numbers.js";

const SIZE = 13;
const LONGEST = 15; // characters of a slanted token
const BETWEEN = " | "; // two tokens of one column (comparison/alignment.py)
const ANGLE = -52;
const SIDE = Math.cos((ANGLE * Math.PI) / 180); // of a slanted token, how far it reaches to the left

// Tokens lie flat while they fit, and slant when they do not.
export function tokensSlant(graph, columnWidth, theme) {
  // A column of two tokens is no use with one of them, and has room only when it slants.
  return graph.tokens.some((token) => widthOf(ellipsize(token, 9), SIZE, theme.font) > columnWidth - 5
    || (token.length > 9 && token.includes(BETWEEN)));
}

export function axisHeightOf(graph, slanted, theme, most = 96) {
  if (!slanted) return 52;
  return 40 + Math.min(most, Math.max(...slantedWidths(graph, theme)) * 0.78 + 8);
}

// How far slanted tokens reach beyond the left edge.
export function overhangOf({ graph, layout, slanted, theme }) {
  if (!slanted) return 0;
  const ends = slantedWidths(graph, theme).map((width, at) => (
    layout.isShrunk[at] ? 0 : width * SIDE + SIZE / 2 - layout.plot.left - layout.xs[at]
  ));
  return Math.max(0, ...ends);
}

function slantedWidths({ tokens }, theme) {
  return tokens.map((token) => widthOf(ellipsize(token, LONGEST), SIZE, theme.font));
}

export function drawAxes(painter, state) {
  drawTokens(painter, state);
  drawPrediction(painter, state);
  drawMore(painter, state);
  if (hasNoWay(state)) drawNoWay(painter, state);
  drawLegend(painter, state);
}

function drawTokens(painter, state) {
  const { graph, layout, transform, theme } = state;
  const y = layout.plot.top + layout.plot.height + 14;
  const visible = state.isStill
    ? { left: 0, top: y - 14, width: layout.size.width, height: layout.size.height - y + 14 }
    : { left: layout.plot.left - 20, top: y - 14, width: layout.plot.width + 34, height: 130 };
  let free = -Infinity; // where the last label ended, for slanted ones: its column
  const step = (state.slanted ? 15 : 10) / Math.max(0.2, transform.k);
  painter.inside(visible, () => {
    graph.tokens.forEach((token, at) => {
      const x = toScreen(layout, transform, [layout.xs[at], 0])[0];
      if (layout.isShrunk[at]) return;
      if (layout.xs[at] - free < step * (state.slanted ? 1 : 0)) return;
      free = layout.xs[at];
      const isChosen = state.selection && state.selection.position === at;
      const isReached = state.reached[at];
      painter.text(ellipsize(token, state.slanted ? LONGEST : 9), x, y, {
        color: isChosen ? theme.accent : theme.ink,
        alpha: at > state.position ? 0.28 : isReached ? 1 : 0.5,
        size: SIZE, font: theme.font, weight: isReached ? 600 : 400,
        anchor: state.slanted ? "end" : "middle", angle: state.slanted ? ANGLE : 0,
      });
    });
    drawGaps(painter, state, y);
  });
}

// One mark for each run of columns that were shrunk.
function drawGaps(painter, state, y) {
  const { layout, transform, theme } = state;
  let start = -1;
  for (let at = 0; at <= layout.isShrunk.length; at++) {
    if (layout.isShrunk[at]) {
      if (start < 0) start = at;
      continue;
    }
    if (start >= 0) {
      const middle = (layout.xs[start] + layout.xs[at - 1]) / 2;
      const count = at - start;
      const room = (layout.xs[at - 1] - layout.xs[start]) * transform.k;
      const x = toScreen(layout, transform, [middle, 0])[0];
      painter.text(room > 40 ? `··· ${count} ···` : room > 12 ? `· ${count} ·` : "…", x, y, {
        color: theme.ink, alpha: 0.55, size: 11, font: theme.font, anchor: "middle",
      });
      start = -1;
    }
  }
}

function drawPrediction(painter, state) {
  const { graph, layout, transform, theme } = state;
  if (!state.isStill) drawMarks(painter, state);
  const label = state.targetLabel ?? predictionInWords(graph, state.position, (token) => ellipsize(token, 18));
  if (!label) return;
  const width = widthOf(label, 13, theme.font) + 18;
  const x = toScreen(layout, transform, [layout.xs[state.position], 0])[0];
  const left = Math.min(layout.size.width - width - 2, Math.max(layout.plot.left, x - width / 2));
  painter.rect(left, 4, width, 24, { fill: theme.accent, radius: 5 });
  painter.text(label, left + width / 2, 16, {
    color: theme.background, size: 13, font: theme.font, anchor: "middle", weight: 600,
  });
  painter.curve([x, 28, x, 28, x, 38, x, 38], { color: theme.accent, width: 2 });
  drawRun(painter, state, left, left + width);
}

// Where a click makes a position the target.
function drawMarks(painter, { graph, layout, transform, theme, position }) {
  for (let at = 0; at < graph.positions; at++) {
    if (layout.isShrunk[at] || at === position) continue;
    const x = toScreen(layout, transform, [layout.xs[at], 0])[0];
    if (x < layout.plot.left - 8 || x > layout.size.width) continue;
    const s = 4;
    painter.curve([x - s, 28, x - s, 28, x, 34, x, 34], mark(theme));
    painter.curve([x + s, 28, x + s, 28, x, 34, x, 34], mark(theme));
  }
}

// Which run this is, or which two, in the corner that the prediction leaves free.
function drawRun(painter, { graph, layout, theme, difference }, left, right) {
  const { ours, theirs } = difference ? namesOfRuns(graph) : { ours: graph.runLabel };
  if (!ours) return;
  const label = difference ? `${ours} → ${theirs}` : ours;
  const width = widthOf(label, 12, theme.font) + 16;
  const x = left - 10 >= width || left >= layout.size.width - right ? 4 : layout.size.width - width - 4;
  painter.rect(x, 5, width, 22, { fill: theme.background, stroke: theme.ink, alpha: 0.9, radius: 5 });
  painter.text(label, x + width / 2, 16, {
    color: theme.ink, size: 12, font: theme.font, anchor: "middle", weight: 600,
  });
}

function mark(theme) {
  return { color: theme.ink, width: 1.3, alpha: 0.32 };
}

function hasNoWay({ ranked, rankedOther, difference }) {
  return ranked.order.length === 0 && !(difference && rankedOther.order.length);
}

function drawNoWay(painter, { graph, layout, theme }) {
  const { plot } = layout;
  painter.text(`By ${graph.methodLabel} no edge leads here: try another method.`, plot.left + plot.width / 2,
    plot.top + plot.height / 2, { color: theme.ink, alpha: 0.8, size: 14, font: theme.font, anchor: "middle" });
}
