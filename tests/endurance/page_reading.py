"""What a page holds and shows right now, read in one go; None while it is not there."""

import base64
from typing import Any

import numpy as np
from playwright.sync_api import Page

from tests.end_to_end.anatomy_driver import FIND_VIEW as FIND_ANATOMY
from tests.end_to_end.compare_driver import FIND as FIND_COMPARED
from tests.end_to_end.flow_driver import FIND_VIEW as FIND_FLOW

Read = dict[str, Any]

COLUMNS = {
    "weight": "<f4",
    "otherWeight": "<f4",
    "source": "<u4",
    "target": "<u4",
    "head": "<i2",
    "kind": "u1",
}

# Of one graph: what its bytes said, what is cut, what is written beside the slider.
GRAPH = """
const packed = (column) => {
  if (!column) return null;
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
};
const readGraph = (view) => {
  const { graph, position, threshold, described, difference, targetLabel } = view.state;
  const { tokens, method, predictions, everyTarget, floor, hidden, other, positions, targetPosition } = graph;
  const columns = Object.fromEntries(
    ["weight", "otherWeight", "source", "target", "head", "kind"].map((name) => [name, packed(graph[name])]));
  const { candidates } = described;
  return { tokens, method, prediction: predictions[position], everyTarget, floor, hidden, position, threshold,
    targetPosition, positions, edges: described.edges, candidates, targetLabel, columns,
    other: other && { method: other.method, floor: other.floor, isRun: Boolean(other.run) },
    counts: difference?.counts ?? null, readout: view.root.querySelector(".readout").innerText };
};
"""

READ_FLOW = f"""() => {{
  if (!({FIND_FLOW})()) return null;
  {GRAPH}
  return readGraph(window.flowView);
}}"""

READ_COMPARED = f"""() => {{
  if (!({FIND_COMPARED})()) return null;
  {GRAPH}
  return {{ graphs: window.compared.views.map(readGraph) }};
}}"""

READ_ANATOMY = f"""() => {{
  if (!({FIND_ANATOMY})()) return null;
  const {{ graph }} = window.anatomyView.state;
  const {{ name, rank, contribution }} = graph.nodes;
  return {{ tokens: graph.tokens, position: graph.position, layers: graph.layers, target: graph.target,
    name, rank, contribution }};
}}"""

READ_TRACE = """() => {
  const chart = document.querySelector("[class*=st-key-lens-map] .js-plotly-plot");
  const drawn = chart?._fullData?.find(({ type, showscale }) => type === "heatmap" && showscale);
  if (!drawn) return null;
  const boxes = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const headings = boxes.map(({ innerText }) => innerText);
  return { map: Array.from(drawn.z, (row) => Array.from(row)), headings };
}"""

READ_INTERVENE = """() => {
  if (!document.querySelector("[class*=st-key-new-edit-menu]")) return null;
  const texts = (css) => [...document.querySelectorAll(css)].map((box) => box.innerText.trim());
  const written = [...document.querySelectorAll(".written")].map(
    (box) => [...box.querySelectorAll(".token")].map(({ title }) => title));
  return { basket: texts(".st-key-basket").join(" "), metrics: texts("[data-testid=stMetricValue]"),
    says: texts("[data-testid=stMain]").join(" "), written };
}"""

READ_CONCEPTS = """() => {
  const box = document.querySelector("input[aria-label='Search the neurons']");
  if (!box) return null;
  // Not the cards of neurons that write alike, which come beside them.
  const hits = document.querySelectorAll(".st-key-hits, .st-key-hits *");
  const roots = [...hits].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const cards = roots.flatMap((root) => [...root.querySelectorAll(".token-card .title")]);
  return { titles: cards.map(({ textContent }) => textContent),
    says: document.querySelector("[data-testid=stMain]").innerText, query: box.value };
}"""

READ_ROLES = """() => {
  const chart = document.querySelector("[class*=st-key-role-map] .js-plotly-plot");
  const drawn = chart?._fullData?.find(({ type, showscale }) => type === "heatmap" && showscale);
  if (!drawn) return null;
  return { says: document.querySelector("[data-testid=stMain]").innerText,
    map: Array.from(drawn.z, (row) => Array.from(row)) };
}"""

SCRIPTS = {
    "Flow": READ_FLOW,
    "Compare": READ_COMPARED,
    "Anatomy": READ_ANATOMY,
    "Trace": READ_TRACE,
    "Intervene": READ_INTERVENE,
    "Concepts": READ_CONCEPTS,
    "Roles": READ_ROLES,
}

SURROUNDINGS = """() => {
  const count = (css) => document.querySelectorAll(css).length;
  const texts = [...document.querySelectorAll("[data-testid=stMarkdown]")].map((box) => box.innerText);
  return {
    idle: document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning",
    exceptions: count("[data-testid=stException]"),
    refusals: texts.filter((text) => text.includes("That did not work.")).length,
    model: document.querySelector("[data-testid=stPopover] button p")?.innerText ?? "",
    predicted: document.querySelector("input[aria-label=Target]")?.placeholder ?? null,
    path: location.pathname.replaceAll("/", ""),
  };
}"""


def read_page(page: Page, name: str) -> Read | None:
    """What the page of this name shows."""
    read = page.evaluate(SCRIPTS[name])
    for graph in [] if read is None else read.get("graphs", [read]):
        if "columns" in graph:
            graph["columns"] = {
                column: None if text is None else np.frombuffer(base64.b64decode(text), COLUMNS[column])
                for column, text in graph["columns"].items()
            }
    return read


def read_surroundings(page: Page) -> Read:
    """Whether the page's script rests, and what went wrong on it."""
    return page.evaluate(SURROUNDINGS)
