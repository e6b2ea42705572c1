// Cubic curves as points: for the pointer, and for what stands on them.

const STEPS = 14;

export function flatten(curve) {
  const points = new Float64Array(2 * (STEPS + 1));
  for (let i = 0; i <= STEPS; i++) {
    const t = i / STEPS;
    const s = 1 - t;
    const a = s * s * s;
    const b = 3 * s * s * t;
    const c = 3 * s * t * t;
    const d = t * t * t;
    points[2 * i] = a * curve[0] + b * curve[2] + c * curve[4] + d * curve[6];
    points[2 * i + 1] = a * curve[1] + b * curve[3] + c * curve[5] + d * curve[7];
  }
  return points;
}

// Squared distance from a point to a flattened curve.
export function distanceTo(points, x, y) {
  let best = Infinity;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const ax = points[i];
    const ay = points[i + 1];
    const dx = points[i + 2] - ax;
    const dy = points[i + 3] - ay;
    const length = dx * dx + dy * dy;
    const t = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    best = Math.min(best, ex * ex + ey * ey);
  }
  return best;
}
