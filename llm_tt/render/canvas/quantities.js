// Numbers as a person reads them.

export function percent(share) {
  const size = Math.abs(100 * share);
  const digits = size === 0 ? "0" : size < 0.1 ? size.toPrecision(1) : size.toFixed(size < 10 ? 1 : 0);
  return `${share < 0 ? "−" : ""}${digits} %`;
}

// What something adds: always with its sign.
export function signed(value) {
  const size = Math.abs(value);
  const digits = size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
  return `${value < 0 ? "−" : "+"}${size.toFixed(digits)}`;
}
