// Where chips lie: columns from left to right, the residual stream as one lane on top, everything else below it.

import { LANE, chipWidth, slotsOf } from "./columns.js";
import { goesAround } from "./routes.js";
import { GROUP_GAP, columnOf, heightOf, stacksOf, tallest } from "./stacks.js";

export const MARGIN = { left: 20, right: 20, top: 46, bottom: 46 }; // headings above, the legend below; arrows beside
const ROW = { least: 19, most: 26 };
const LANE_HEIGHT = 30;
const SIDE_LANE = 20; // for edges that pass a stack by
const AROUND = 8; // above the lane and below the last row
const BAND = 10; // what a layer's band reaches beyond its chips
const LEGIBLE = { one: 0.72, several: 0.85 }; // the smallest scale that is shown unasked: one layer rather fits

// `widthOf` says how wide a word is that stands beside a chip.
export function computeLayout(graph, room, widthOf) {
  const layout = place(graph, room, widthOf, 0);
  const needed = graph.edges.kind.some((_, edge) => goesAround(graph, layout, edge));
  return needed ? place(graph, room, widthOf, SIDE_LANE) : layout;
}

function place(graph, { width, height: room }, widthOf, sideLane) {
  const plotWidth = width - MARGIN.left - MARGIN.right;
  const slots = slotsOf(graph, widthOf);
  const chip = chipWidth(slots, plotWidth - 2 * BAND, graph.layers.length);
  const stacks = graph.layers.map((layer) => stacksOf(graph, layer));
  const stackTop = AROUND + LANE_HEIGHT + sideLane + 4;
  const most = tallest(stacks);
  const spare = room - MARGIN.top - MARGIN.bottom - stackTop - AROUND - most.gaps * GROUP_GAP;
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, spare / most.rows));
  const layout = {
    slots, rowHeight, chipWidth: chip.width, chipHeight: Math.min(20, rowHeight - 4),
    laneY: AROUND + LANE_HEIGHT / 2, sideY: AROUND + LANE_HEIGHT + sideLane / 2,
    width: placeSlots(slots, chip),
    height: stackTop + heightOf({ row: most.rows, gaps: most.gaps }, rowHeight) + AROUND,
  };
  placeChips(graph, layout, stacks, stackTop);
  layout.legible = graph.layers.length > 1 ? LEGIBLE.several : LEGIBLE.one;
  const scale = Math.max(layout.legible, Math.min(1, plotWidth / layout.width));
  const height = Math.min(room, MARGIN.top + MARGIN.bottom + layout.height * scale);
  layout.size = { width, height };
  layout.plot = { left: MARGIN.left, top: MARGIN.top, width: plotWidth, height: height - MARGIN.top - MARGIN.bottom };
  layout.least = wholeScale(layout);
  placePorts(graph, layout);
  return layout;
}

// The same layout on a stage that shows all of it as large as it is; at least so high, where a height is given.
export function wholeLayout(layout, least = 0) {
  const width = Math.max(layout.size.width, MARGIN.left + layout.width + MARGIN.right);
  const height = Math.max(least, MARGIN.top + layout.height + MARGIN.bottom);
  const plot = { ...layout.plot, width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  return { ...layout, size: { width, height }, plot, least: 1 };
}

function placeSlots(slots, { width, stretch }) {
  let x = BAND;
  for (const slot of slots) {
    slot.gutter *= stretch;
    slot.gap *= stretch;
    slot.before = x; // where the gap begins
    x += slot.gap + slot.gutter;
    slot.x = x;
    slot.width = width;
    x += width;
  }
  return x + BAND;
}

function placeChips(graph, layout, stacks, stackTop) {
  const { slots, rowHeight, laneY } = layout;
  const { kind, layer } = graph.nodes;
  layout.slotOf = kind.map((_, node) => slots.findIndex((slot) => slot.layer === layer[node] && slot.column === columnOf(graph, node)));
  layout.x = layout.slotOf.map((slot) => slots[slot].x);
  layout.y = kind.map((name, node) => {
    const place = stacks[graph.layers.indexOf(layer[node])].rows.get(node);
    return LANE.includes(name) ? laneY : stackTop + heightOf(place, rowHeight);
  });
  // A layer begins where the one before ends: behind the chip of the state that leaves it.
  layout.bands = graph.layers.map((number, i) => {
    const mine = slots.filter((slot) => slot.layer === number);
    return { layer: number, left: mine[0].before + (i ? BAND : -BAND) / 2, right: mine.at(-1).x + mine.at(-1).width + BAND / 2 };
  });
  layout.groups = stacks.flatMap(({ groups }, i) => groups.map((group) => {
    const columns = [...group.members.keys()].map((node) => slots[layout.slotOf[node]]);
    const top = stackTop + heightOf({ row: group.first, gaps: group.gaps }, rowHeight);
    return {
      layer: graph.layers[i], head: group.head, top, height: group.size * rowHeight,
      left: Math.min(...columns.map((slot) => slot.x - slot.gutter)), right: Math.max(...columns.map((slot) => slot.x + slot.width)),
      first: [...group.members.keys()].sort((a, b) => layout.x[a] - layout.x[b] || layout.y[a] - layout.y[b])[0],
    };
  }));
}

// Edges at one side of a chip leave and enter side by side, in the order of where they come from; the residual
// stream always in the middle.
function placePorts(graph, layout) {
  const { source, target, kind } = graph.edges;
  layout.portOut = new Float64Array(graph.nEdges);
  layout.portIn = new Float64Array(graph.nEdges);
  const spread = (edges, other, ports) => {
    const fanned = edges.filter((e) => kind[e] !== "residual").sort((a, b) => layout.y[other[a]] - layout.y[other[b]]);
    const reach = Math.min(layout.chipHeight * 0.56, (fanned.length - 1) * 2.5);
    const shift = fanned.length < edges.length ? layout.chipHeight * 0.28 : 0;
    fanned.forEach((e, i) => {
      ports[e] = shift + (fanned.length > 1 && !shift ? (i / (fanned.length - 1) - 0.5) * reach : 0);
    });
  };
  for (let node = 0; node < graph.nNodes; node++) {
    spread(graph.into[node], source, layout.portIn);
    spread(graph.from[node], target, layout.portOut);
  }
}

function wholeScale({ plot, width, height }) {
  return Math.min(1, plot.width / width, plot.height / height);
}

// Everything, however small.
export function wholeTransform(layout) {
  return centred(layout, wholeScale(layout));
}

// As much as stays legible: several layers begin at the right end, where the prediction is, tall stacks at the top.
export function legibleTransform(layout) {
  return centred(layout, Math.max(layout.legible, wholeScale(layout)));
}

function centred({ plot, width, height }, k) {
  const spare = plot.width - width * k;
  return { k, x: spare >= 0 ? spare / 2 : spare, y: Math.max(0, (plot.height - height * k) / 2) };
}
