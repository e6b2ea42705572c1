// What stands above the picture: layers, what the columns hold, the prediction, and which run this is.

import { toScreen } from "../canvas/camera.js";
import { fitText, widthOf } from "../canvas/lettering.js";
import { HEADINGS } from "./columns.js";

const SIZE = 11;
const TITLE_Y = 16;
const HEADING_Y = 35;

export function drawHeadings(painter, state) {
  const right = drawTarget(painter, state);
  drawLayers(painter, state, right);
  drawColumns(painter, state);
}

// The prediction, and left of it the run's name; gives the x from where the corner is taken.
function drawTarget(painter, { graph, layout, theme }) {
  const label = fitText(graph.targetLabel ?? graph.target, layout.size.width / 2, 13, theme.font);
  const width = widthOf(label, 13, theme.font) + 18;
  let left = layout.size.width - width - 4;
  painter.rect(left, 4, width, 24, { fill: theme.accent, radius: 5 });
  painter.text(label, left + width / 2, TITLE_Y, {
    color: theme.background, size: 13, font: theme.font, anchor: "middle", weight: 600,
  });
  if (graph.runLabel) {
    const run = fitText(graph.runLabel, layout.size.width / 4, 12, theme.font);
    const taken = widthOf(run, 12, theme.font) + 16;
    left -= taken + 8;
    painter.rect(left, 5, taken, 22, { fill: theme.background, stroke: theme.ink, alpha: 0.9, radius: 5 });
    painter.text(run, left + taken / 2, TITLE_Y, { color: theme.ink, size: 12, font: theme.font, anchor: "middle", weight: 600 });
  }
  return left;
}

// At the left end of a band, or of what is seen of it.
function drawLayers(painter, { layout, transform, theme }, most) {
  for (const { layer, left, right } of layout.bands) {
    const start = Math.max(8, toScreen(layout, transform, [left, 0])[0] + 6);
    const end = Math.min(most, toScreen(layout, transform, [right, 0])[0]);
    if (end - start < 26) continue;
    painter.text(`L${layer}`, start, TITLE_Y, { color: theme.ink, alpha: 0.75, size: 13, font: theme.font, weight: 600 });
  }
}

// Above the middle of a column, in the longest wording for which there is room.
function drawColumns(painter, { layout, transform, theme }) {
  let free = 0;
  layout.slots.forEach(({ column, x, width }, i) => {
    const middle = toScreen(layout, transform, [x + width / 2, 0])[0];
    const next = layout.slots[i + 1];
    const end = next ? (middle + toScreen(layout, transform, [next.x + width / 2, 0])[0]) / 2 + 6 : layout.size.width;
    const heading = HEADINGS[column].find((text) => {
      const half = widthOf(text, SIZE, theme.font) / 2;
      return middle - half >= free && middle + half <= Math.min(end, layout.size.width);
    });
    if (!heading) return;
    free = middle + widthOf(heading, SIZE, theme.font) / 2 + 5;
    painter.text(heading, middle, HEADING_Y, { color: theme.ink, alpha: 0.7, size: SIZE, font: theme.font, anchor: "middle" });
  });
}
