// The half of a link that only the browser knows: cut, pins and view.

// Behind the # of the address; when Streamlit has rewritten it, what was noted there last, also by the graph that
// was here before another page was shown; at first, what stood in the address that was opened.
function readAddress() {
  const opened = performance.getEntriesByType("navigation")[0]?.name ?? location.href;
  const hash = location.hash || (document._llmTtHash ?? new URL(opened).hash);
  document._llmTtHash = hash;
  const noted = new URLSearchParams(hash.slice(1));
  const [unit, value] = (noted.get("cut") ?? "").split(":");
  const known = ["density", "threshold", "mass"].includes(unit) && Number(value) >= 0 && value !== "";
  return {
    cut: known ? { unit, value: Number(value) } : null,
    pins: (noted.get("pins") ?? "").split(",").filter(Boolean),
    fanned: noted.get("fan") === "1",
    renormalized: noted.get("shares") === "kept",
    compact: noted.get("tokens") !== "all",
  };
}

function writeAddress({ cut, pins, fanned, renormalized, compact }) {
  const parts = [];
  if (cut) parts.push(`cut=${cut.unit}:${Number(cut.value.toPrecision(9))}`);
  if (pins.length) parts.push(`pins=${pins.join(",")}`);
  if (fanned) parts.push("fan=1");
  if (renormalized) parts.push("shares=kept");
  if (!compact) parts.push("tokens=all");
  const hash = parts.length ? `#${parts.join("&")}` : "";
  document._llmTtHash = hash;
  if (location.hash === hash) return;
  history.replaceState(history.state, "", location.pathname + location.search + hash);
}
