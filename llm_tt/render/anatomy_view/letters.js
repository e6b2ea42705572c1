// The words on the picture, shortened to the room that they have; measured once for each layout.

import { fitText, widthOf } from "../canvas/lettering.js";
import { computeLayout } from "./layout.js";
import { labelOf, textsOf } from "./view_state.js";

export const CHIP_SIZE = 11.5;
export const LABEL_SIZE = 11;
const PADDING = 4;
const INSIDE = 3; // of a chip

// {layout, letters} for a size: words decide how far chips stand apart, and then are shortened to what is there.
export function fittedTo(graph, size, theme) {
  const layout = computeLayout(graph, size, (word) => widthOfLabel(word, theme));
  return { layout, letters: lettersOf(graph, layout, theme) };
}

function widthOfLabel(text, theme) {
  return widthOf(text, LABEL_SIZE, theme.font);
}

// {chips: texts, labels: texts or null, reach: how far left of its chip each label reaches}
function lettersOf(graph, layout, theme) {
  const nodes = graph.nodes.name.map((_, node) => node);
  const room = layout.chipWidth - 2 * INSIDE;
  const chips = nodes.map((node) => {
    // The first wording that fits as it is, else as much of the last as there is room for.
    const wordings = textsOf(graph, node);
    const whole = wordings.find((text) => widthOf(text, CHIP_SIZE, theme.font) <= room);
    return whole ?? fitText(wordings.at(-1), room, CHIP_SIZE, theme.font);
  });
  const labels = nodes.map((node) => {
    const label = labelOf(graph, layout, node);
    return label && fitText(label, layout.slots[layout.slotOf[node]].gutter - PADDING, LABEL_SIZE, theme.font);
  });
  const reach = labels.map((label) => (label ? widthOfLabel(label, theme) + 2 * PADDING : 0));
  return { chips, labels, reach };
}
