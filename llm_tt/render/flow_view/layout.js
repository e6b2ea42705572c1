// Where rows and columns lie. Columns that nothing reaches shrink when the prompt is too long for the window.

import { isMid, layerOfRow } from "./parts.js";
import { positionOf, rowOf } from "./payload.js";

export const MARGIN = { left: 46, right: 14, top: 40 };
const COLUMN = { least: 26, dense: 15, most: 92, shrunk: 5 };
const GAP = 64; // the most that a run of shrunk columns takes
const ROW = { least: 16, most: 128 };
const TALLEST = 1600; // of a stage: deeper models are scrolled
const ATTENTION_SHARE = 0.62; // of a layer's height: long edges are the ones that need room

// `dense` is for paper, where nothing has to be hit by a pointer and nothing can be moved into sight.
export function computeLayout(graph, size, { reached, compact, axisHeight, dense = false }) {
  const n = graph.positions;
  const room = size.width - MARGIN.left - MARGIN.right;
  const even = room / n;
  const tooMany = even < COLUMN.least;
  const isShrunk = Array.from({ length: n }, (_, at) => tooMany && compact && !reached[at]);
  const widths = shrunkWidths(isShrunk);
  const taken = widths.reduce((sum, w) => sum + w, 0);
  const wide = isShrunk.filter((small) => !small).length;
  const width = Math.min(COLUMN.most, Math.max(dense ? COLUMN.dense : COLUMN.least, (room - taken) / Math.max(1, wide)));
  isShrunk.forEach((small, at) => (widths[at] ||= small ? 0 : width));
  const xs = [];
  let x = 0;
  for (const w of widths) {
    xs.push(x + w / 2);
    x += w;
  }
  const height = size.height - MARGIN.top - axisHeight;
  const rowHeight = Math.min(dense ? Infinity : ROW.most, Math.max(ROW.least, (height - 16) / graph.layers));
  const worldHeight = rowHeight * graph.layers + 16;
  const ys = Array.from({ length: graph.rows }, (_, row) => rowY(graph, row, rowHeight, worldHeight));
  return {
    xs, ys, widths, isShrunk, columnWidth: width, rowHeight,
    width: x, height: worldHeight,
    plot: { left: MARGIN.left, top: MARGIN.top, width: room, height },
    size,
  };
}

// The height that a graph asks for: within what the window gives, unless its rows would become too thin.
export function stageHeight(graph, axisHeight, room) {
  const least = Math.min(TALLEST, heightWith(ROW.least, graph, axisHeight));
  return Math.max(least, Math.min(room, heightWith(ROW.most, graph, axisHeight)));
}

// The same where nothing can be scrolled.
export function wholeHeight(graph, axisHeight, room) {
  return Math.max(heightWith(ROW.least, graph, axisHeight), stageHeight(graph, axisHeight, room));
}

function heightWith(row, graph, axisHeight) {
  return MARGIN.top + axisHeight + 16 + graph.layers * row;
}

// How wide a stage has to be to show all columns at once.
export function wholeWidth(layout) {
  return Math.max(layout.size.width, layout.plot.left + layout.width + MARGIN.right);
}

// Of the columns that are shrunk; a long run of them takes no more room than its mark needs.
function shrunkWidths(isShrunk) {
  const widths = isShrunk.map(() => 0);
  for (let at = 0; at < isShrunk.length; at++) {
    if (!isShrunk[at]) continue;
    let end = at;
    while (isShrunk[end]) end++;
    widths.fill(Math.min(COLUMN.shrunk, GAP / (end - at)), at, end);
    at = end;
  }
  return widths;
}

function rowY(graph, row, rowHeight, worldHeight) {
  const bottom = worldHeight - 8;
  if (row === 0) return bottom;
  const layer = layerOfRow(graph, row);
  const share = isMid(graph, row) ? ATTENTION_SHARE : 1;
  return bottom - rowHeight * (layer + share);
}

export function placeOf(graph, layout, node) {
  return [layout.xs[positionOf(graph, node)], layout.ys[rowOf(graph, node)]];
}

// The view that shows everything, or as much as stays legible: long prompts begin at the target's end.
export function fittingTransform(layout) {
  const { plot } = layout;
  const spare = plot.width - layout.width;
  return {
    k: 1,
    x: spare >= 0 ? spare / 2 : spare,
    y: Math.max(0, (plot.height - layout.height) / 2),
  };
}
