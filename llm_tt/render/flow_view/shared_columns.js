// Positions of two prompts, and the columns that they share: [[0, 0], [1, null], [2, 1], …]; names of parts in either.

export function columnOf(columns, position, side) {
  const column = columns.findIndex((pair) => pair[side] === position);
  return column < 0 ? null : column;
}

// A part of one side, its positions as columns.
export function inColumns(columns, name, side) {
  return renamed(name, (position) => columnOf(columns, position, side));
}

// A part of the columns, as a side has it; null where it has no token there.
export function onSide(columns, name, side) {
  return renamed(name, (column) => columns[column]?.[side] ?? null);
}

function renamed(name, place) {
  const found = /^(.*@)(\d+)(?:-(\d+))?$/.exec(name ?? "");
  if (!found) return null;
  const [, what, ...numbers] = found;
  const places = numbers.filter((number) => number !== undefined).map((number) => place(Number(number)));
  return places.includes(null) ? null : what + places.join("-");
}
