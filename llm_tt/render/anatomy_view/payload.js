// The bytes that Python packed (render/anatomy_payload.py), with who is connected to whom.

const MAGIC = "LTA1";

export function readPayload(bytes) {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`These are no bytes of an anatomy: ${magic}`);
  const graph = JSON.parse(new TextDecoder().decode(bytes.subarray(4)));
  const { nodes, edges } = graph;
  graph.nNodes = nodes.name.length;
  graph.nEdges = edges.source.length;
  graph.into = Array.from({ length: graph.nNodes }, () => []);
  graph.from = Array.from({ length: graph.nNodes }, () => []);
  for (let e = 0; e < graph.nEdges; e++) {
    graph.into[edges.target[e]].push(e);
    graph.from[edges.source[e]].push(e);
  }
  graph.named = new Map(nodes.name.map((name, node) => [name, { name, node }]));
  edges.part.forEach((name, edge) => name && graph.named.set(name, { name, edge }));
  const strongest = (residual) => edges.kind.reduce(
    (most, kind, e) => ((kind === "residual") === residual ? Math.max(most, Math.abs(amountOf(graph, e) ?? 0)) : most), 0,
  );
  graph.reference = strongest(false) || 1;
  graph.residualReference = strongest(true) || 1;
  return graph;
}

// What an edge weighs in the measure of this picture; null where it says nothing of this edge.
export function amountOf(graph, edge) {
  return graph.edges[graph.measure][edge];
}

export function strengthOf(graph, edge) {
  return Math.abs(amountOf(graph, edge) ?? 0);
}

export function isResidual(graph, edge) {
  return graph.edges.kind[edge] === "residual";
}

// The part that a click on an edge means: the end that has no other edge on that side; a residual edge is its own.
export function partOfEdge(graph, edge) {
  const { source, target, part } = graph.edges;
  if (part[edge]) return graph.named.get(part[edge]);
  const entering = graph.into[target[edge]].length;
  const leaving = graph.from[source[edge]].length;
  const node = entering <= leaving ? target[edge] : source[edge];
  return graph.named.get(graph.nodes.name[node]);
}
