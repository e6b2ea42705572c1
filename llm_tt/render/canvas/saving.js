// A picture as a file that looks like the screen, fonts included. It is drawn anew, by the same function as there,
// which leaves out what asks for a click: `isStill`.

import { CanvasPainter, SvgPainter } from "./painter.js";

const SHARPNESS = 2;

export async function saveSvg(draw, state, name) {
  download(new Blob([await svgOf(draw, state)], { type: "image/svg+xml" }), `${name}.svg`);
}

async function svgOf(draw, state) {
  const painter = new SvgPainter();
  const { width, height } = state.layout.size;
  draw(painter, { ...state, isStill: true });
  const { theme } = state;
  return painter.document(width, height, { background: theme.background, font: theme.font, face: await fontFaces(theme.font) });
}

export function savePng(draw, state, name) {
  const { width, height } = state.layout.size;
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARPNESS;
  canvas.height = height * SHARPNESS;
  const painter = new CanvasPainter(canvas.getContext("2d"), width, height, SHARPNESS);
  painter.rect(0, 0, width, height, { fill: state.theme.background });
  draw(painter, { ...state, isStill: true });
  return new Promise((done) => {
    canvas.toBlob((blob) => done(download(blob, `${name}.png`)), "image/png");
  });
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The @font-face of the first family in use, with its file inside; empty where the page has no such rule.
async function fontFaces(font) {
  const family = font.split(",")[0].trim().replaceAll(/["']/g, "");
  for (const rule of allRules()) {
    if (!(rule instanceof CSSFontFaceRule)) continue;
    const named = rule.style.getPropertyValue("font-family").replaceAll(/["']/g, "");
    if (named !== family || rule.style.getPropertyValue("font-style") === "italic") continue;
    const file = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src"))?.[1];
    if (!file) continue;
    try {
      const answer = await fetch(new URL(file, rule.parentStyleSheet?.href ?? document.baseURI));
      const data = await readAsDataUrl(await answer.blob());
      return `@font-face{font-family:"${family}";font-weight:200 900;src:url(${data})}`;
    } catch {
      return ""; // the family's name alone then has to do
    }
  }
  return "";
}

function* allRules() {
  for (const sheet of document.styleSheets) {
    try {
      yield* sheet.cssRules;
    } catch {
      // a sheet from elsewhere may not be read
    }
  }
}

function readAsDataUrl(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}
