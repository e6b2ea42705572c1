// In which column of its layer a node stands, and how wide the gaps between columns are.

export const LANE = ["input", "mid", "output"]; // the residual stream's

export const COLUMN_OF = {
  input: 0, norm_attention: 1, query: 2, key: 3, value: 4, others_keys: 4, head: 5, others_heads: 5,
  output_neuron: 6, others_outputs: 6, attention_bias: 6, attention: 7, mid: 8, norm_mlp: 9,
  neuron_in: 10, neuron: 11, others_neurons: 11, mlp_bias: 11, mlp: 12, output: 13,
};

// Behind the middle of its layer.
export function isOfMlp({ column }) {
  return column > COLUMN_OF.mid;
}

// The shorter words are for columns that stand close together.
export const HEADINGS = [
  ["input"], ["norm"], ["query"], ["key"], ["value"], ["head"], ["output neurons", "outputs", "out"], ["attention", "attn"],
  ["middle", "mid"], ["norm"], ["reads"], ["writes"], ["MLP"], ["output", "out"],
];

// Wide where edges fan out, narrow where they run straight.
const GAPS = { step: 18, fan: 26, narrow: 7 };
const FANS = [2, 3, 5, 6, 7, 10, 12];
const GUTTER = { least: 24, most: 54, around: 8 }; // for the token of a key, the number of a neuron
const WIDTH = { least: 46, most: 92, several: 54 };
const GROWTH = 0.7; // of gaps, as chips grow

// {layer, column, gap, gutter} from left to right, of the columns that are there.
export function slotsOf(graph, widthOf) {
  const { kind, layer } = graph.nodes;
  const present = new Set(kind.map((name, node) => graph.layers.indexOf(layer[node]) * 100 + COLUMN_OF[name]));
  const slots = [...present].sort((a, b) => a - b).map((key) => ({ layer: graph.layers[Math.floor(key / 100)], column: key % 100 }));
  const has = (slot, column) => present.has(graph.layers.indexOf(slot.layer) * 100 + column);
  slots.forEach((slot, i) => {
    const { column } = slot;
    // A value stands right behind its key, what a neuron writes behind what it reads.
    const isSecond = (column === 4 && has(slot, 3)) || (column === 11 && has(slot, 10));
    const isFirst = !isSecond && (column === 4 || column === 11);
    slot.gutter = isFirst || column === 3 || column === 10 ? gutterOf(graph, widthOf, column < 10 ? "key" : "neuron") : 0;
    slot.gap = i === 0 ? 0 : isSecond ? GAPS.narrow : isFirst || FANS.includes(column) ? GAPS.fan : GAPS.step;
  });
  return slots;
}

// As wide as the widest of its words.
function gutterOf({ nodes, tokens }, widthOf, field) {
  const words = nodes[field].filter((number) => number >= 0).map((number) => (field === "key" ? tokens[number] : `N${number}`));
  const widest = Math.max(0, ...words.map(widthOf));
  return Math.min(GUTTER.most, Math.max(GUTTER.least, widest + GUTTER.around));
}

// How wide a chip can be so that all columns fit, and what gaps and gutters are multiplied by then.
export function chipWidth(slots, room, layers) {
  const between = slots.reduce((sum, { gap, gutter }) => sum + gap + gutter, 0);
  const perPixel = slots.length + (GROWTH * between) / WIDTH.least;
  const fitting = WIDTH.least + (room - slots.length * WIDTH.least - between) / perPixel;
  const least = layers > 1 ? WIDTH.several : WIDTH.least;
  const width = Math.min(WIDTH.most, Math.max(least, fitting));
  return { width, stretch: 1 + (GROWTH * (width - WIDTH.least)) / WIDTH.least };
}
