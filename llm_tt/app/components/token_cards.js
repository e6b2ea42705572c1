// A list of cards with tokens; a click, or Enter on a card, reports its key. Tokens are only ever set as text.

const CHOSEN = { light: "#b0146c", dark: "#a81765" }; // white letters are readable on both

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".cards");
  const held = (root._held ??= { drawn: null });
  held.setStateValue = setStateValue;
  root.style.setProperty("--chosen", isDark(root) ? CHOSEN.dark : CHOSEN.light);
  const cards = JSON.stringify(data.cards);
  if (held.drawn !== cards) { // else a card would be taken away from under a finger
    held.drawn = cards;
    root.replaceChildren(drawList(data.cards, (card) => held.setStateValue("choose", { card: card.key, at: Date.now() })));
  }
  root.querySelectorAll(".token-card").forEach((button, place) => {
    button.setAttribute("aria-pressed", String(data.cards[place].key === data.chosen));
  });
}

function drawList(cards, onChoose) {
  const list = make("ol", "");
  for (const card of cards) {
    const item = make("li", "");
    item.append(drawCard(card, () => onChoose(card)));
    list.append(item);
  }
  return list;
}

function drawCard(card, onClick) {
  const button = make("button", "token-card");
  button.type = "button";
  button.addEventListener("click", onClick);
  const heading = make("span", "heading");
  heading.append(make("span", "title", card.title));
  if (card.name) heading.append(make("span", "name", card.name));
  if (card.note) heading.append(make("span", "note", card.note));
  const chips = make("span", "chips");
  chips.append(...card.chips.map(drawChip));
  const amount = make("span", "amount");
  const bar = make("span", "bar");
  const fill = make("span", "fill");
  fill.style.width = `${100 * Math.min(1, card.share)}%`;
  bar.append(fill);
  amount.append(bar, make("span", "", card.amount));
  button.append(heading, chips, amount);
  return button;
}

function drawChip({ text, share, is_marked: isMarked, hint }) {
  const chip = make(isMarked ? "mark" : "span", isMarked ? "chip marked" : "chip", text);
  chip.style.setProperty("--share", String(share));
  if (hint) chip.title = hint;
  return chip;
}

function make(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

function isDark(root) {
  const shade = getComputedStyle(root).color.match(/\d+/g) ?? [0]; // light letters stand on a dark page
  return Number(shade[0]) > 128;
}
