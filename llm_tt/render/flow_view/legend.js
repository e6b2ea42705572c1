// The legend: what colours and widths mean.

import { widthOf } from "./lettering.js";
import { formatWeight } from "./numbers.js";
import { strokeOf } from "./scene.js";

// Kinds and widths, at the lower edge; on a file as on the screen.
export function drawLegend(painter, state) {
  const { layout, theme } = state;
  const y = layout.size.height - 12;
  let x = layout.plot.left;
  for (const entry of legendEntries(state)) {
    const width = 30 + widthOf(entry.label, 12, theme.font) + 16;
    if (x + width > layout.size.width) break;
    if (entry.square) painter.rect(x + 8, y - 5, 10, 10, { fill: entry.color, radius: 2 });
    else {
      painter.curve([x, y, x, y, x + 24, y, x + 24, y], {
        color: entry.color, width: entry.width, alpha: entry.alpha ?? 1, dash: entry.dash ?? null,
      });
    }
    painter.text(entry.label, x + 30, y, { color: theme.ink, alpha: 0.75, size: 12, font: theme.font });
    x += width;
  }
}

function legendEntries(state) {
  const { graph, theme, reference } = state;
  const sample = (share) => ({
    ...strokeOf(state, { kind: 0 }, reference * share),
    color: theme.ink,
    label: formatWeight(graph, reference * share),
  });
  const widths = [sample(0.06), sample(0.25), sample(1)];
  if (state.rankedOther) {
    return [
      { color: theme.residual, width: 3, label: "in both" },
      { color: graph.signed ? theme.positive : theme.attention, width: 3, label: `only ${graph.methodLabel}` },
      { color: theme.other, width: 3, dash: [2, 4], label: `only ${graph.other.label}` },
      ...widths,
    ];
  }
  const kinds = graph.signed
    ? [{ color: theme.positive, width: 3, label: "for" }, { color: theme.negative, width: 3, label: "against" }]
    : [{ color: theme.attention, width: 3, label: "attention" }, { color: theme.mlp, square: true, label: "MLP" }];
  return [...kinds, { color: theme.residual, width: 2, label: "residual" }, ...widths];
}
