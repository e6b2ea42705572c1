// Two rows of tokens, those that belong together below each other. A click on one and then on another of the other
// row pairs them; an empty place there, or the button below, leaves it alone. Tokens are only ever set as text.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".alignment");
  const table = make("div", "columns");
  table.setAttribute("role", "table");
  const held = { data, setStateValue, picked: null };
  table.append(make("div", "side", data.names[0]), make("div", "side", data.names[1]));
  data.columns.forEach((column) => table.append(...[0, 1].map((side) => cell(held, column, side))));
  table.style.gridTemplateColumns = `max-content repeat(${data.columns.length}, max-content)`;
  table.addEventListener("keydown", (event) => event.key === "Escape" && pick(held, table, null));
  const hint = make("span", "", data.hint);
  hint.setAttribute("aria-live", "polite");
  const alone = make("button", "alone", "It has no partner");
  alone.type = "button";
  alone.hidden = true;
  alone.addEventListener("click", () => pairWith(held, null));
  Object.assign(held, { table, hint, alone });
  const below = make("div", "below");
  below.append(hint, alone);
  root.replaceChildren(table, below);
}

function cell(held, column, side) {
  const token = column.sides[side];
  const button = make("button", token ? "token" : "token empty", token ? token.text : "–");
  button.type = "button";
  button.dataset.side = String(side);
  if (token) button.dataset.position = String(token.position);
  if (column.isTarget) button.classList.add("target");
  if (column.differs && token) button.classList.add("differs");
  if (column.isCorrected) button.classList.add("corrected");
  const where = `${held.data.names[side]}, ${token ? `position ${token.position}` : "no token"}`;
  button.title = column.isTarget ? `${where}: what is explained; always together` : where;
  button.setAttribute("aria-label", `${token ? token.text : "no token"}, ${where}`);
  button.disabled = Boolean(column.isTarget);
  button.addEventListener("click", () => clicked(held, button, side, token));
  return button;
}

function clicked(held, button, side, token) {
  const { picked } = held;
  if (!picked || picked.side === side) {
    pick(held, held.table, token && picked?.button !== button ? { button, side, token } : null);
    return;
  }
  pairWith(held, token ? token.position : null);
}

function pairWith(held, partner) {
  const { side, token } = held.picked;
  const pair = side === 0 ? [token.position, partner] : [partner, token.position];
  pick(held, held.table, null);
  held.setStateValue("pair", { prompt: held.data.name, pair, at: Date.now() });
}

function pick(held, table, picked) {
  held.picked = picked;
  for (const button of table.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === picked?.button));
    button.classList.toggle("offered", Boolean(picked) && Number(button.dataset.side) !== picked.side && !button.disabled);
  }
  held.alone.hidden = !picked;
  const other = picked && held.data.names[1 - picked.side];
  held.hint.textContent = picked
    ? `Now click its partner in ${other}. Escape takes it back.`
    : held.data.hint;
}

function make(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}
