// A chip: its fill says how the target ranks, its text which token comes first, the bar below how decided that is.

import { toScreen } from "../canvas/camera.js";
import { CHIP_SIZE } from "./letters.js";
import { decidedness, fillOf, inkOn, toneOf } from "./rank_colours.js";

const SMALLEST = 7; // pixels of letters that are still drawn
const FAINT = 0.22; // of a chip that is not lit
const BAR = 2.5;

export function isLegible({ transform }, size) {
  return size * transform.k >= SMALLEST;
}

// {x, y, width, height} on the stage.
export function boxOf({ layout, transform }, node) {
  const [x, y] = toScreen(layout, transform, [layout.x[node], layout.y[node] - layout.chipHeight / 2]);
  return { x, y, width: layout.chipWidth * transform.k, height: layout.chipHeight * transform.k };
}

export function drawChip(painter, state, node) {
  const { graph, theme, trails, letters, transform } = state;
  const { kind, rank, entropy, promoted } = graph.nodes;
  const { x, y, width, height } = boxOf(state, node);
  const { k } = transform;
  const radius = 4 * Math.min(1, k);
  const alpha = trails && !trails.nodes.has(node) ? FAINT : 1;
  const isRest = kind[node].startsWith("others_");
  const fill = fillOf(theme, toneOf(rank[node], graph.vocabulary));
  const ink = inkOn(theme, fill);
  painter.rect(x, y, width, height, { fill: theme.background, radius });
  painter.rect(x, y, width, height, { fill, alpha, radius });
  painter.rect(x, y, width, height, {
    stroke: theme.ink, alpha: alpha * (isRest ? 0.6 : 0.28), radius, lineWidth: 1, dash: isRest ? [3, 2.5] : null,
  });
  if (isLegible(state, CHIP_SIZE)) {
    painter.text(letters.chips[node], x + width / 2, y + height / 2 - 0.5 * k, {
      color: ink, alpha, size: CHIP_SIZE * k, font: theme.font, anchor: "middle", weight: promoted[node].length ? 500 : 400,
    });
  }
  const decided = decidedness(entropy[node], graph.vocabulary);
  if (decided !== null && isLegible(state, CHIP_SIZE)) drawBar(painter, { x, y: y + height, width, k, decided }, { ink, alpha });
  if (state.selection?.node === node) {
    painter.rect(x - 2.5, y - 2.5, width + 5, height + 5, { stroke: theme.accent, lineWidth: 2.2, radius: radius + 2 });
  }
}

// Along the bottom, inside of the rounded corners.
function drawBar(painter, { x, y, width, k, decided }, { ink, alpha }) {
  const inset = 3 * Math.min(1, k);
  const height = BAR * Math.min(1, k);
  painter.rect(x + inset, y - height - 0.5 * k, (width - 2 * inset) * decided, height, { fill: ink, alpha: 0.6 * alpha, radius: height / 2 });
}
