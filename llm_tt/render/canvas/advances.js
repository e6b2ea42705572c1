// How wide letters are where nothing can measure them: the advance widths of a bold sans-serif, in thousandths of
// the size. Fonts differ, so text is taken wider than Helvetica has it: wide fonts then stay inside of their boxes.

const ROOM = 1.18;
const GROUPS = {
  238: "'", 278: " !,./I\\ijl·", 280: "|", 333: "()-:;[]`ft", 389: "*r{}", 474: '"', 500: "z–",
  556: "#$0123456789J_aceksvxy", 584: "+<=>^~−×", 611: "FLTZ?bdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU",
  778: "GOQw", 833: "M", 889: "%m", 944: "W", 975: "@", 1000: "→←…—",
};
const ADVANCES = new Map(Object.entries(GROUPS).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)])));
const SQUARE = 1000; // of the scripts that stand in squares
const PICTURE = 1300;
const CAPITAL = 740;
const OTHER = 640;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function advanceOf(text, size) {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += advanceOfOne(segment);
  return (width * ROOM * size) / 1000;
}

// Of what a person sees as one character: its first letter has the width, marks stand on it.
function advanceOfOne(character) {
  const [letter] = character.normalize("NFD");
  if (ADVANCES.has(letter)) return ADVANCES.get(letter);
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character)) return PICTURE;
  if (/^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(letter)) {
    return SQUARE * Math.max(1, [...character.normalize("NFC")].filter((one) => !/\p{M}/u.test(one)).length);
  }
  return /\p{Lu}/u.test(letter) ? CAPITAL : OTHER;
}
