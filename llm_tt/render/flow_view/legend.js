// The legend: what colours and widths mean.

import { STRONGER } from "./difference.js";
import { widthOf } from "../canvas/lettering.js";
import { formatWeight } from "./numbers.js";
import { dashOf, strokeOf } from "./strokes.js";

const WIDE = { line: 24, before: 6, after: 16 };
const NARROW = { line: 14, before: 4, after: 9 };

// Kinds and widths, at the lower edge; on a file as on the screen. In narrow windows the widths give way.
export function drawLegend(painter, state) {
  const { layout, theme } = state;
  const y = layout.size.height - 12;
  const entries = legendEntries(state);
  const { line, before, after, words } = roomFor(entries, layout.size.width - layout.plot.left, theme);
  let x = layout.plot.left;
  for (const [i, entry] of entries.entries()) {
    const width = line + before + widthOf(words[i], 12, theme.font) + after;
    if (x + width - after > layout.size.width) break;
    if (entry.square) painter.rect(x + line / 2 - 4, y - 5, 10, 10, { fill: entry.color, radius: 2 });
    else {
      painter.curve([x, y, x, y, x + line, y, x + line, y], {
        color: entry.color, width: entry.width, alpha: entry.alpha ?? 1, dash: entry.dash?.[line === WIDE.line ? 0 : 1] ?? null,
      });
    }
    painter.text(words[i], x + line + before, y, { color: theme.ink, alpha: 0.75, size: 12, font: theme.font });
    x += width;
  }
}

function roomFor(entries, room, theme) {
  const kinds = entries.filter((entry) => !entry.isSample);
  const taken = kinds.reduce((sum, { label }) => sum + WIDE.line + WIDE.before + widthOf(label, 12, theme.font) + WIDE.after, 0);
  return taken <= room
    ? { ...WIDE, words: entries.map(({ label }) => label) }
    : { ...NARROW, words: entries.map(({ label, short }) => short ?? label) };
}

function legendEntries(state) {
  const { graph, theme, reference } = state;
  const sample = (share) => ({
    ...strokeOf(state, { kind: 0, became: state.difference ? STRONGER : undefined }, reference * share),
    color: theme.ink,
    isSample: true,
    label: formatWeight(graph, reference * share),
  });
  const widths = [sample(0.06), sample(0.25), sample(1)];
  if (state.difference) return entriesOfDifference(state, widths);
  if (state.inOther) {
    return [
      { color: theme.residual, width: 3, label: "in both" },
      { color: graph.signed ? theme.positive : theme.attention, width: 3, label: `only ${graph.methodLabel}` },
      { color: theme.other, width: 3, dash: [[2, 4], [2, 4]], label: `only ${graph.other.label}` },
      ...widths,
    ];
  }
  const kinds = graph.signed
    ? [{ color: theme.positive, width: 3, label: "for" }, { color: theme.negative, width: 3, label: "against" }]
    : [{ color: theme.attention, width: 3, label: "attention" }, { color: theme.mlp, square: true, label: "MLP" }];
  return [...kinds, { color: theme.residual, width: 2, label: "residual" }, ...widths];
}

function entriesOfDifference({ theme, difference }, widths) {
  const { counts } = difference;
  const entry = (name, label, look) => ({ color: theme[name], width: 3, label, ...look });
  const many = (n) => n.toLocaleString("en");
  return [
    entry("gained", `gained ${many(counts.gained)}`),
    entry("lost", `lost ${many(counts.lost)}`, { dash: [dashOf(3), [1, 5]] }),
    entry("stronger", `changed ${many(counts.changed)}: stronger ${many(counts.stronger)}`, {
      short: `stronger ${many(counts.stronger)}`,
    }),
    entry("weaker", `weaker ${many(counts.weaker)}`),
    entry("same", `same ${many(counts.same)}`, { width: 1.2 }),
    ...widths.map((sample, i) => ({ ...sample, label: `${i ? "" : "came or went "}${sample.label.replace("+", "")}` })),
  ];
}
