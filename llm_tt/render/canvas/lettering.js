// How wide text is, and how to shorten it. A page measures; without one, a table has to do.

import { advanceOf } from "./advances.js";

const measure = globalThis.document?.createElement("canvas").getContext("2d") ?? null;
const widths = new Map();

// What was measured while a font was still on its way was another one.
globalThis.document?.fonts?.addEventListener("loadingdone", () => widths.clear());

export function widthOf(text, size, font) {
  const key = `${size} ${font} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 5000) widths.clear();
    widths.set(key, measure ? measured(text, size, font) : advanceOf(text, size));
  }
  return widths.get(key);
}

function measured(text, size, font) {
  measure.font = `600 ${size}px ${font}`;
  return measure.measureText(text).width;
}

// In characters, never through the middle of one.
export function ellipsize(text, longest) {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// As much of a text as fits into so many pixels, never through the middle of what a person sees as one character.
export function fitText(text, room, size, font) {
  if (widthOf(text, size, font) <= room) return text;
  const characters = [...segmenter.segment(text)].map(({ segment }) => segment);
  let [fits, tooMany] = [0, characters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (widthOf(`${characters.slice(0, middle).join("")}…`, size, font) <= room) fits = middle;
    else tooMany = middle;
  }
  return `${characters.slice(0, fits).join("")}…`;
}
