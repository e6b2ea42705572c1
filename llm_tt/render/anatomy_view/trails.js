// From a selection: all that flows into it, and all that it flows into.

// {nodes, edges, chosen}: sets of what stays lit; `chosen` holds the selected edge, if it is one.
export function trailsOf(graph, { node, edge }) {
  const { source, target } = graph.edges;
  const trails = { nodes: new Set(), edges: new Set(), chosen: new Set() };
  if (edge !== undefined) {
    trails.edges.add(edge);
    trails.chosen.add(edge);
  }
  follow(trails, node ?? source[edge], (at) => graph.into[at], source);
  follow(trails, node ?? target[edge], (at) => graph.from[at], target);
  return trails;
}

function follow(trails, start, edgesAt, end) {
  const seen = new Set();
  const waiting = [start];
  while (waiting.length) {
    const node = waiting.pop();
    if (seen.has(node)) continue;
    seen.add(node);
    trails.nodes.add(node);
    for (const e of edgesAt(node)) {
      trails.edges.add(e);
      waiting.push(end[e]);
    }
  }
}
