// The picture: bands, edges, squares, circles. Knows what to draw, not on what (painter.js) and not when.

import { ATTENTION, MLP, RESIDUAL, rowOf } from "./payload.js";
import { curveOf, squareOf } from "./curves.js";
import { flatten } from "../canvas/bezier.js";
import { placeOf } from "./layout.js";
import { toScreen } from "../canvas/camera.js";
import { isMid } from "./parts.js";
import { widthOf } from "../canvas/lettering.js";
import { LOST, changeOn } from "./difference.js";
import { colourOf, dashOf, strokeOf } from "./strokes.js";

const FAINT = 0.1; // what a selection leaves in the dark
const FAN = 18; // between the curves of two heads

export function drawGraph(painter, state) {
  const { layout } = state;
  drawBands(painter, state);
  state.shapes = [];
  painter.inside(layout.plot, () => {
    drawColumns(painter, state);
    for (const pair of inOrder(state)) drawPair(painter, state, pair);
    for (const pair of state.otherPairs) drawOther(painter, state, pair);
    drawSquares(painter, state);
    drawNodes(painter, state);
  });
}

// A difference brings its own order.
function inOrder({ pairs, difference }) {
  return difference ? pairs : [RESIDUAL, ATTENTION, MLP].flatMap((kind) => pairs.filter((pair) => pair.kind === kind));
}

function drawBands(painter, { graph, layout, transform, theme }) {
  const { plot, size } = layout;
  painter.inside({ left: 0, top: plot.top, width: size.width, height: plot.height }, () => {
    for (let layer = 0; layer < graph.layers; layer++) {
      const bottom = layout.height - 8 - layout.rowHeight * layer + layout.rowHeight * 0.12;
      const [, y] = toScreen(layout, transform, [0, bottom - layout.rowHeight]);
      const height = layout.rowHeight * transform.k;
      if (layer % 2 === 0) painter.rect(0, y, size.width, height, { fill: theme.band, alpha: theme.dark ? 0.55 : 0.75 });
      const every = Math.ceil(15 / height);
      if (layer % every === 0) {
        painter.text(`L${layer}`, 12, y + height / 2, {
          color: theme.ink, alpha: 0.6, size: 12, font: theme.font, weight: 600,
        });
      }
    }
  });
}

// A hair for every token, so that an empty column is seen to be one.
function drawColumns(painter, state) {
  const { layout, theme } = state;
  layout.xs.forEach((x, at) => {
    if (at > state.position || layout.isShrunk[at]) return;
    const line = straight(state, x, layout.height - 8, layout.ys.at(-1));
    painter.curve(line, { color: theme.residual, width: 1, alpha: state.reached[at] ? 0.28 : 0.16, dash: [1, 5] });
  });
}

function straight(state, x, y0, y1) {
  const [sx, top] = toScreen(state.layout, state.transform, [x, y0]);
  const [, bottom] = toScreen(state.layout, state.transform, [x, y1]);
  return [sx, top, sx, top, sx, bottom, sx, bottom];
}

function drawPair(painter, state, pair) {
  const { graph, trails } = state;
  const isLit = !trails || trails.fed.has(pair.key);
  const isOnward = trails?.onward.has(pair.key) && !trails.fed.has(pair.key);
  const isChosen = trails?.chosen.has(pair.key);
  const fans = pair.kind === ATTENTION && (state.fanned || isChosen) && pair.edges.length > 1;
  const members = fans ? pair.edges.map((e) => [e]) : [pair.edges];
  members.forEach((edges, i) => {
    const curve = screenCurve(state, pair, (pair.bend ?? 0) + (fans ? (i - (members.length - 1) / 2) * FAN : 0));
    const isHead = isChosen && (state.selection.head === undefined || graph.head[edges[0]] === state.selection.head);
    drawCurve(painter, state, curve, { ...pair, ...amountOf(state, edges) }, edges, { isLit, isOnward, isChosen: isHead });
    if (fans && isLit) drawHeadLabel(painter, state, curve, graph.head[edges[0]], i / members.length);
    state.shapes.push({ pair, edges, points: flatten(curve) });
  });
}

// What some edges weigh together; in a difference, what came or went.
function amountOf({ shown, difference }, edges) {
  const amount = (e) => (difference ? changeOn(difference, shown, e) : shown[e]);
  return {
    weight: edges.reduce((sum, e) => sum + amount(e), 0),
    strength: edges.reduce((sum, e) => sum + Math.abs(amount(e)), 0),
  };
}

function drawCurve(painter, state, curve, pair, edges, { isLit, isOnward, isChosen }) {
  const { theme } = state;
  const { width, alpha } = strokeOf(state, pair);
  const isDim = !isLit && !isOnward;
  if (state.difference) {
    // Colour and dash already say what became of it, so what is chosen and its way on get a halo.
    if (isChosen || isOnward) {
      painter.curve(curve, { color: theme.accent, width: width + (isChosen ? 7 : 4), alpha: isChosen ? 0.5 : 0.25 });
    }
    painter.curve(curve, {
      color: colourOf(theme, state.graph, pair), width, alpha: isDim ? alpha * FAINT : alpha,
      dash: pair.became === LOST ? dashOf(width) : null,
    });
    return;
  }
  const agreed = state.inOther && pair.kind !== RESIDUAL && edges.every((e) => state.inOther[e]);
  painter.curve(curve, {
    color: isChosen ? theme.accent : agreed ? theme.residual : colourOf(theme, state.graph, pair),
    width: width + (isChosen ? 1 : 0),
    alpha: isDim ? alpha * FAINT : alpha,
    dash: isOnward ? [5, 4] : null,
  });
}

function drawHeadLabel(painter, { theme }, curve, head, shift) {
  const points = flatten(curve);
  const i = 2 * Math.round(4 + shift * 5);
  const label = `H${head}`;
  const width = 7 + label.length * 6.2;
  painter.rect(points[i] - width / 2, points[i + 1] - 8, width, 16, { fill: theme.background, alpha: 0.9, radius: 4 });
  painter.text(label, points[i], points[i + 1], {
    color: theme.ink, size: 11, font: theme.font, anchor: "middle", weight: 600,
  });
}

function drawOther(painter, state, pair) {
  const stroke = strokeOf(state, pair, pair.kind === RESIDUAL ? 0.2 * state.residualReference : 0.3 * state.reference);
  painter.curve(screenCurve(state, pair, 6), {
    color: state.theme.other, width: stroke.width, alpha: state.trails ? 0.15 : 0.8, dash: [2, 4],
  });
}

export function screenCurve(state, pair, bend = pair.bend ?? 0) {
  const curve = curveOf(state.graph, state.layout, pair, bend);
  const screen = [];
  for (let i = 0; i < 8; i += 2) screen.push(...toScreen(state.layout, state.transform, [curve[i], curve[i + 1]]));
  return screen;
}

function drawSquares(painter, state) {
  const { graph, layout, transform, theme, trails } = state;
  const side = Math.min(11, Math.max(5, layout.rowHeight * 0.16)) * Math.sqrt(transform.k);
  state.squares = [];
  for (const pair of state.pairs) {
    if (pair.kind !== MLP) continue;
    const [x, y] = toScreen(layout, transform, squareOf(graph, layout, pair.target));
    const isLit = !trails || trails.fed.has(pair.key) || trails.onward.has(pair.key);
    const isChosen = trails?.chosen.has(pair.key);
    const { alpha } = strokeOf(state, pair);
    painter.rect(x - side / 2, y - side / 2, side, side, {
      fill: theme.background, radius: 2,
    });
    const color = isChosen ? theme.accent : colourOf(theme, graph, pair);
    const isGone = pair.became === LOST;
    painter.rect(x - side / 2, y - side / 2, side, side, {
      fill: isGone ? null : color, stroke: isGone ? color : null, lineWidth: 2,
      alpha: (isLit ? 1 : FAINT) * Math.max(0.35, alpha), radius: 2,
    });
    state.squares.push({ pair, x, y, side });
  }
}

// Circles only where something attaches; the residual alone is a line.
function drawNodes(painter, state) {
  const { graph, layout, transform, theme, trails } = state;
  const radius = Math.min(4.2, Math.max(2.2, layout.rowHeight * 0.07)) * Math.sqrt(transform.k);
  for (const node of state.attached) {
    const [x, y] = toScreen(layout, transform, placeOf(graph, layout, node));
    const isLit = !trails || trails.nodes.has(node);
    const middle = isMid(graph, rowOf(graph, node));
    painter.circle(x, y, radius, { fill: theme.background, alpha: 1 });
    painter.circle(x, y, middle ? radius * 0.8 : radius, {
      fill: middle ? theme.background : theme.ink, stroke: theme.ink, lineWidth: 1.2, alpha: isLit ? 0.75 : FAINT * 1.5,
    });
  }
  if (state.selection?.kind === "state") ring(painter, state, state.selection.node, radius + 3, theme.accent);
  for (const part of state.pins) {
    drawPin(painter, state, part, radius);
  }
  const [x, y] = toScreen(layout, transform, placeOf(graph, layout, state.targetNode));
  painter.circle(x, y, radius + 1.5, { fill: theme.accent });
}

function ring(painter, state, node, radius, color) {
  const [x, y] = toScreen(state.layout, state.transform, placeOf(state.graph, state.layout, node));
  painter.circle(x, y, radius, { stroke: color, lineWidth: 2 });
}

// A pinned part stays named on the picture.
function drawPin(painter, state, part, radius) {
  const { graph, layout, transform, theme } = state;
  const isSquare = part.kind === "mlp";
  const place = isSquare ? squareOf(graph, layout, part.node) : placeOf(graph, layout, part.node);
  const [x, y] = toScreen(layout, transform, place);
  const token = (state.labels[part.name] ?? [])[0];
  const label = token ? `${shortName(graph, part)} ${token}` : shortName(graph, part);
  const width = 10 + widthOf(label, 11, theme.font);
  const left = x + 9 + width > layout.plot.left + layout.plot.width ? x - 9 - width : x + 9;
  painter.circle(x, y, radius + 2.5, { stroke: theme.ink, lineWidth: 1.5 });
  const top = y - 19 >= layout.plot.top ? y - 19 : y + 3; // else it would be cut off above the last layer
  painter.rect(left, top, width, 17, { fill: theme.background, stroke: theme.ink, alpha: 0.92, radius: 4 });
  painter.text(label, left + 5, top + 8.5, { color: theme.ink, size: 11, font: theme.font, weight: 600 });
}

export function shortName(graph, part) {
  if (part.kind === "state") return part.layer < 0 ? "embed" : `L${part.layer}${part.stage === "mid" ? " mid" : ""}`;
  if (part.kind === "mlp") return `L${part.layer} mlp`;
  return part.head === undefined ? `L${part.layer} attn` : `L${part.layer}H${part.head}`;
}

