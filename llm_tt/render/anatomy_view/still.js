// Layers of a model as a still picture: bytes and wishes go in, SVG comes out. No page is needed.

import { stillSvg } from "../canvas/headless.js";
import { plainTheme } from "../canvas/theme.js";
import { describe } from "./in_words.js";
import { wholeLayout, wholeTransform } from "./layout.js";
import { fittedTo } from "./letters.js";
import { readPayload } from "./payload.js";
import { PICTURE } from "./picture.js";
import { emptyState, select } from "./view_state.js";

const USUAL = 1400; // of a layer
const ROOM = 760; // for the stacks, as on a page; what is higher is shown nonetheless

// Null where there is no such part to select.
export function stillOf(bytes, { selected, isDark, ...wishes }) {
  const graph = readPayload(bytes);
  const state = { ...emptyState(), graph, theme: plainTheme(isDark) };
  select(state, selected);
  if (selected !== null && !state.selection) return null;
  const fitted = (width, height) => fit(state, width, height);
  const usual = USUAL * graph.layers.length;
  return stillSvg(state, { draw: PICTURE.draw, fit: fitted, caption: captionOf(state), usual }, wishes);
}

function fit(state, width, height) {
  const { layout, letters } = fittedTo(state.graph, { width, height: height ?? ROOM }, state.theme);
  state.layout = wholeLayout(layout, height ?? 0);
  state.transform = wholeTransform(state.layout);
  state.letters = letters;
  return state.layout.size;
}

// Which layers, where, and what widths mean.
function captionOf({ graph, selection }) {
  const { layers, tokens, position, target, contrast, measure, unit, nNodes } = graph;
  const [first, last] = [layers[0], layers.at(-1)];
  const where = first === last ? `Layer ${first}` : `Layers ${first} to ${last}`;
  const aim = contrast ? `${target} rather than ${contrast}` : target;
  const widths = {
    contribution: `what flows through an edge adds to ${contrast ? `${target} − ${contrast}` : target}, in ${unit}`,
    norm: "the length of what flows through an edge",
    attention: "the attention that is paid",
  }[measure];
  const sentences = [
    `${where} at ${tokens[position]} (${position}), on the way to ${aim}: ${nNodes} parts.`,
    `Widths: ${widths}.`,
    ...(selection ? [`Selected: ${describe(graph, selection)}.`] : []),
  ];
  return sentences.join(" ");
}
