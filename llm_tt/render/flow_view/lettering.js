// How wide text is, and how to shorten it.

const measure = document.createElement("canvas").getContext("2d");
const widths = new Map();

export function widthOf(text, size, font) {
  const key = `${size} ${font} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 5000) widths.clear();
    measure.font = `600 ${size}px ${font}`;
    widths.set(key, measure.measureText(text).width);
  }
  return widths.get(key);
}

// In characters, never through the middle of one.
export function ellipsize(text, longest) {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
