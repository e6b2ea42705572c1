// A picture without a page: drawn once, as large as it needs to be, with a caption that says what it is.

import { widthOf } from "./lettering.js";
import { SvgPainter } from "./painter.js";

const CAPTION = { size: 11, line: 15, above: 4, below: 9, sides: 90 };
const LEAST = 200; // pixels of a line, so that a word has room
const TRIES = 3; // a larger paper has room for wider chips and words, and then again

// An engine alone knows no encodings. Bytes as letters, and those as what they encode: all that payloads need.
class Utf8Decoder {
  decode(bytes) {
    const pieces = [];
    for (let start = 0; start < bytes.length; start += 8192) {
      pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
    }
    return decodeURIComponent(escape(pieces.join("")));
  }
}
globalThis.TextDecoder ??= Utf8Decoder;

// `fit(width, height)` lays a state out and gives the size that it then takes; the height is null where it is free.
// `usual` is the width where none is wished for: then all is as large as it wants to be. What does not fit into a size
// that is wished for is drawn on a larger paper, and all of that is shown smaller.
export function stillSvg(state, { draw, fit, caption, usual }, { width, height, key }) {
  const { theme } = state;
  let scale = 1;
  let lines = [];
  let paper = null;
  for (let tries = 0; tries < TRIES; tries++) {
    const room = (width ?? usual) * scale;
    lines = linesOf(caption, Math.max(room, LEAST) - CAPTION.sides, theme.font);
    const below = CAPTION.above + CAPTION.line * lines.length + CAPTION.below;
    const size = fit(room, height === null ? null : Math.max(1, height * scale - below));
    paper = { width: size.width, height: size.height + below, top: size.height + CAPTION.above };
    const growth = Math.max(paper.width / (width ?? usual), paper.height / (height ?? Infinity));
    if (growth <= scale * 1.0001) break;
    scale = growth;
  }
  const painter = new SvgPainter(key);
  draw(painter, { ...state, isStill: true });
  lines.forEach((line, i) => {
    painter.text(line, state.layout.plot.left, paper.top + CAPTION.line * (i + 0.5), {
      color: theme.ink, alpha: 0.75, size: CAPTION.size, font: theme.font,
    });
  });
  return painter.document(paper.width, paper.height, {
    background: theme.background, font: theme.font, face: "",
    shown: shownSize(paper, width, height),
  });
}

function shownSize(paper, width, height) {
  if (width !== null) return { width, height: height ?? (paper.height * width) / paper.width };
  return height === null ? paper : { width: (paper.width * height) / paper.height, height };
}

// Broken between words; a number stays with its sign.
function linesOf(text, room, font) {
  const lines = [];
  for (const word of text.split(/ (?!%)/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer, CAPTION.size, font) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
