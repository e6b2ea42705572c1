// Colours and font of the page around us; ours are chosen to be told apart by colour-blind eyes, on light and dark.

// What came is cool and what went is warm; all of an edge stands out more than a part of it. Even to colour-blind
// eyes these five are further apart than 20 in CIELAB.
const LIGHT = {
  attention: "#1f6fb5", mlp: "#b8860b", residual: "#8a919c", positive: "#1f6fb5", negative: "#d4500a",
  accent: "#c2187a", other: "#6d4bb8",
  gained: "#005a46", lost: "#a83200", stronger: "#2f8be0", weaker: "#b98a00", same: "#8a919c",
};
const DARK = {
  attention: "#6cb2ee", mlp: "#e3b341", residual: "#8d96a3", positive: "#6cb2ee", negative: "#ff8a4c",
  accent: "#ff6bb8", other: "#b79cff",
  gained: "#7af0c8", lost: "#ff9a6e", stronger: "#4a96f0", weaker: "#a98a1c", same: "#7f8793",
};

// Where there is no page, the ground is that of the dashboard.
const GROUNDS = {
  light: { background: "#ffffff", band: "#f0f2f6", ink: "#31333f" },
  dark: { background: "#0e1117", band: "#262730", ink: "#fafafa" },
};
// No machine has all of them, and hardly one has none. The name at the end is not enough: what draws files of
// pictures may not know which font it stands for.
const FONTS = [
  "Source Sans 3", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans",
].map((family) => `"${family}"`).join(", ") + ", sans-serif";

export function plainTheme(isDark) {
  const plain = isDark ? GROUNDS.dark : GROUNDS.light;
  return { ...(isDark ? DARK : LIGHT), dark: isDark, ...plain, plain, font: FONTS };
}

export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = variable("--st-background-color", "#ffffff");
  const dark = luminance(background) < 0.4;
  const band = variable("--st-secondary-background-color", dark ? "#1f232b" : "#f3f5f8");
  const ink = variable("--st-text-color", dark ? "#fafafa" : "#262730");
  return {
    ...(dark ? DARK : LIGHT),
    dark,
    background,
    band,
    ink,
    plain: { background: inDigits(background), band: inDigits(band), ink: inDigits(ink) }, // for arithmetic
    font: variable("--st-font", "") || style.fontFamily || "sans-serif",
  };
}

let probe = null; // one for all time: a canvas is not for nothing

// Any colour as #rrggbb, as the browser writes it; what shines through is taken as if it did not.
function inDigits(colour) {
  probe ??= document.createElement("canvas").getContext("2d");
  probe.fillStyle = "#ffffff"; // what is no colour would leave the one before
  probe.fillStyle = colour;
  const written = probe.fillStyle;
  if (written.startsWith("#")) return written;
  return `#${written.match(/[\d.]+/g).slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour) {
  const written = inDigits(colour);
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(written.slice(i, i + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
