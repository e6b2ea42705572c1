// Which row each node below the residual stream takes. Heads are groups of rows, one row for each key.

import { COLUMN_OF, LANE } from "./columns.js";

export const GROUP_GAP = 9; // pixels between heads

// Of one layer: {rows: node -> {row, gaps}, attention: {...}, mlp: {...}, groups}; `row` counts rows from the top of
// the stack (halves are centres), `gaps` counts the gaps between heads above it.
export function stacksOf(graph, layer) {
  const nodes = graph.nodes.kind.map((_, node) => node).filter((node) => graph.nodes.layer[node] === layer);
  const of = (...kinds) => nodes.filter((node) => kinds.includes(graph.nodes.kind[node]));
  const rows = new Map();
  const heads = headGroups(graph, of("query", "key", "value", "others_keys", "head"));
  const outputs = of("output_neuron", "others_outputs", "attention_bias");
  const headRows = heads.reduce((sum, group) => sum + group.size, 0);
  const attention = { rows: Math.max(headRows, outputs.length, 1), gaps: Math.max(0, heads.length - 1) };
  let row = Math.max(0, attention.rows - headRows) / 2;
  heads.forEach((group, gaps) => {
    group.first = row;
    group.gaps = gaps;
    group.members.forEach((at, node) => rows.set(node, { row: row + at, gaps }));
    row += group.size;
  });
  const middle = { row: attention.rows / 2, gaps: attention.gaps / 2 };
  const stack = (members, { row: centre, gaps }) => members.forEach(
    (node, i) => rows.set(node, { row: centre - members.length / 2 + i + 0.5, gaps }),
  );
  stack(outputs, middle);
  for (const node of of("norm_attention", "attention")) rows.set(node, middle);
  of("others_heads").forEach((node, i) => {
    rows.set(node, { row: attention.rows + i + 0.5, gaps: attention.gaps + (heads.length ? 1 : 0) });
    attention.below = i + 1;
  });

  const neurons = neuronRows(graph, of("neuron_in", "neuron"));
  const rest = of("others_neurons", "mlp_bias");
  neurons.members.forEach((at, node) => rows.set(node, { row: at, gaps: 0 }));
  rest.forEach((node, i) => rows.set(node, { row: neurons.size + i + 0.5, gaps: 0 }));
  const mlp = { rows: Math.max(1, neurons.size + rest.length), gaps: 0 };
  for (const node of of("norm_mlp", "mlp")) rows.set(node, { row: mlp.rows / 2, gaps: 0 });
  for (const node of of(...LANE)) rows.delete(node);
  return { rows, attention, mlp, groups: heads };
}

// Keys and their values side by side; query and head at the middle of theirs.
function headGroups(graph, nodes) {
  const { head, key, kind } = graph.nodes;
  const groups = [];
  for (const number of [...new Set(nodes.map((node) => head[node]))]) {
    const mine = nodes.filter((node) => head[node] === number);
    const keys = [...new Set(mine.filter((node) => key[node] >= 0).map((node) => key[node]))];
    const others = mine.filter((node) => kind[node] === "others_keys");
    const size = Math.max(1, keys.length + others.length);
    const members = new Map();
    for (const node of mine) {
      if (key[node] >= 0) members.set(node, keys.indexOf(key[node]) + 0.5);
      else if (kind[node] !== "others_keys") members.set(node, size / 2);
    }
    others.forEach((node, i) => members.set(node, keys.length + i + 0.5));
    groups.push({ head: number, size, members });
  }
  return groups;
}

function neuronRows(graph, nodes) {
  const numbers = [...new Set(nodes.map((node) => graph.nodes.neuron[node]))];
  return { size: numbers.length, members: new Map(nodes.map((node) => [node, numbers.indexOf(graph.nodes.neuron[node]) + 0.5])) };
}

// The height of the tallest stack in rows, and how many pixels of gaps come on top.
export function tallest(stacks) {
  const heights = stacks.flatMap(({ attention, mlp, groups }) => [
    { rows: attention.rows + (attention.below ?? 0), gaps: attention.gaps + (attention.below && groups.length ? 1 : 0) },
    mlp,
  ]);
  return heights.reduce((most, each) => (each.rows > most.rows ? each : most));
}

export function heightOf({ row, gaps }, rowHeight) {
  return row * rowHeight + gaps * GROUP_GAP;
}

export function columnOf(graph, node) {
  return COLUMN_OF[graph.nodes.kind[node]];
}
