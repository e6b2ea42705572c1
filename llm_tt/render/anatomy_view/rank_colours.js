// What colour a rank has: blue at the first place, vermilion at the last, quiet in the middle, logarithmic from both
// ends. And which letters can be read on it.

const READABLE = 4.5; // the contrast that small text needs

// From 1 at the first place over 0 in the middle to -1 at the last; no rank is as good as none.
export function toneOf(rank, vocabulary) {
  if (rank === null || rank === undefined) return 0;
  const fromEnd = Math.min(rank, vocabulary + 1 - rank);
  const size = Math.max(0, 1 - Math.log(Math.max(1, fromEnd)) / Math.log(Math.max(2, vocabulary / 2)));
  return rank === fromEnd ? size : -size;
}

export function fillOf(theme, tone) {
  return mixed(theme.plain.band, tone < 0 ? theme.negative : theme.positive, Math.abs(tone));
}

// The page's own letters if they can be read on it, otherwise the darkest or lightest.
export function inkOn(theme, fill) {
  const inks = [theme.plain.ink, theme.plain.background, "#000000", "#ffffff"];
  return inks.find((ink) => contrast(ink, fill) >= READABLE) ?? inks[2];
}

function mixed(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `#${a.map((value, i) => Math.round(value + (b[i] - value) * share).toString(16).padStart(2, "0")).join("")}`;
}

export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

// How decided a reading is: 1 where it names one token, 0 where all are alike.
export function decidedness(entropy, vocabulary) {
  return entropy === null || entropy === undefined ? null : Math.min(1, Math.max(0, 1 - entropy / Math.log(vocabulary)));
}
