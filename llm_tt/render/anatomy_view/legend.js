// The legend: what fills, bars, colours and widths mean. In narrow windows the less important gives way.

import { widthOf } from "../canvas/lettering.js";
import { sampleInWords } from "./measures.js";
import { fillOf, inkOn, toneOf } from "./rank_colours.js";
import { strokeFor } from "./strokes.js";

const SIZE = 12;
const SMALL = 10.5;
const STEPS = 60; // of the colour scale
const SCALE = { least: 120, most: 240 };
const BETWEEN = 22;
const LINE = 22;

export function drawLegend(painter, state) {
  const { layout, theme } = state;
  const y = layout.size.height - 27;
  const end = layout.size.width - 8;
  let x = drawScale(painter, state, layout.plot.left, y, Math.min(SCALE.most, Math.max(SCALE.least, layout.size.width * 0.2)));
  for (const entry of entriesOf(state)) {
    const width = entry.width + 6 + widthOf(entry.label, SIZE, theme.font);
    if (x + width > end) break; // what comes later says nothing without this
    entry.draw(painter, x, y);
    painter.text(entry.label, x + entry.width + 6, y, { color: theme.ink, alpha: 0.75, size: SIZE, font: theme.font });
    x += width + (entry.after ?? BETWEEN);
  }
}

// From the first rank to the last, with the ranks that a person thinks in.
function drawScale(painter, { graph, theme }, left, y, room) {
  const name = `${graph.target} is`;
  const shown = widthOf(name, SIZE, theme.font) < 120 ? name : "target is";
  painter.text(shown, left, y, { color: theme.ink, alpha: 0.75, size: SIZE, font: theme.font });
  const start = Math.round(left + widthOf(shown, SIZE, theme.font) + 12);
  const step = Math.max(2, Math.floor(room / STEPS));
  const length = step * STEPS;
  for (let i = 0; i < STEPS; i++) {
    const tone = 1 - (2 * (i + 0.5)) / STEPS;
    painter.rect(start + step * i, y - 5, length - step * i, 10, { fill: fillOf(theme, tone) }); // to the end: no seams
  }
  painter.rect(start, y - 5, length, 10, { stroke: theme.ink, alpha: 0.3 });
  let free = -Infinity;
  for (const [rank, label] of ticksOf(graph.vocabulary)) {
    const x = start + (length * (1 - (rank === null ? 0 : toneOf(rank, graph.vocabulary)))) / 2;
    const half = widthOf(label, SMALL, theme.font) / 2;
    if (x - half < free) continue;
    free = x + half + 4;
    painter.curve([x, y + 5, x, y + 5, x, y + 8, x, y + 8], { color: theme.ink, width: 1, alpha: 0.5 });
    painter.text(label, x, y + 15, { color: theme.ink, alpha: 0.75, size: SMALL, font: theme.font, anchor: "middle" });
  }
  return start + length + BETWEEN;
}

function ticksOf(vocabulary) {
  const ticks = [[1, "1st"], [10, "10th"], [100, "100th"], [null, "middle"], [vocabulary, "last"]];
  return ticks.filter(([rank]) => rank === null || rank === vocabulary || rank < vocabulary / 4);
}

function entriesOf(state) {
  const { graph, theme } = state;
  const line = (color, label, stroke = { width: 3 }, after = 14) => ({
    label, width: LINE, after,
    draw: (painter, x, y) => painter.curve([x, y, x, y, x + LINE, y, x + LINE, y], { color, ...stroke }),
  });
  const kinds = graph.measure === "contribution"
    ? [line(theme.positive, "for"), line(theme.negative, "against")]
    : [line(theme.attention, "attention"), ...(graph.measure === "norm" ? [line(theme.mlp, "MLP")] : [])];
  const residual = line(theme.residual, "residual", { width: 2 }, BETWEEN);
  const widths = [1, 0.25, 0.06].map((share) => {
    const amount = graph.reference * share;
    const unit = share < 1 ? "" : graph.measure === "contribution" ? ` ${graph.unit.split(" ")[0]}` : graph.measure === "norm" ? " long" : "";
    return line(theme.ink, sampleInWords(graph, amount) + unit, strokeFor(graph, amount));
  });
  widths.at(-1).after = BETWEEN;
  return [...kinds, residual, ...widths, decided(theme)];
}

// A chip with the bar that says how sure its reading is.
function decided(theme) {
  const fill = fillOf(theme, 0);
  return {
    label: "bar: how decided",
    width: 34,
    draw: (painter, x, y) => {
      painter.rect(x, y - 8, 34, 15, { fill, radius: 4 });
      painter.rect(x, y - 8, 34, 15, { stroke: theme.ink, alpha: 0.28, radius: 4 });
      painter.rect(x + 3, y + 3.5, 22, 2.5, { fill: inkOn(theme, fill), alpha: 0.6, radius: 1.2 });
    },
  };
}
