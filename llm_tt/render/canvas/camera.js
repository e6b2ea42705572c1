// From the layout's own units to the stage and its pixels: a transform {k, x, y}. A layout says how large it is
// (width, height), into which part of the stage it is drawn (plot), and how small it may become (least).

const CLOSEST = 8;

// Zoomed about a point of the stage.
export function zoomed(transform, factor, [sx, sy], layout) {
  const least = layout.least ?? Math.min(1, layout.plot.width / layout.width);
  const k = Math.min(CLOSEST, Math.max(least, transform.k * factor));
  const scale = k / transform.k;
  const px = sx - layout.plot.left;
  const py = sy - layout.plot.top;
  return bounded({ k, x: px - (px - transform.x) * scale, y: py - (py - transform.y) * scale }, layout);
}

// Kept from being lost: some of the picture always stays on the stage.
export function bounded({ k, x, y }, layout) {
  const within = (value, content, room) => {
    const spare = room - content * k;
    if (spare >= 0) return Math.min(spare, Math.max(0, value));
    return Math.min(40, Math.max(spare - 40, value));
  };
  return { k, x: within(x, layout.width, layout.plot.width), y: within(y, layout.height, layout.plot.height) };
}

export function toScreen(layout, transform, [x, y]) {
  return [layout.plot.left + transform.x + x * transform.k, layout.plot.top + transform.y + y * transform.k];
}
