// The bytes that Python packed (render/flow_payload.py), as one object of typed arrays. Nothing is copied.

export const ATTENTION = 0;
export const RESIDUAL = 1;
export const MLP = 2;
export const NO_HEAD = -1;

const MAGIC = "LTF1";

export function readPayload(bytes) {
  const start = bytes.byteOffset;
  const view = new DataView(bytes.buffer, start, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`These are no bytes of a graph: ${magic}`);
  const headerLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  // Columns lie at multiples of four, counted from where the bytes begin; typed arrays need the same of memory.
  const aligned = start % 4 === 0 ? bytes.buffer : bytes.slice().buffer;
  let offset = (start % 4 === 0 ? start : 0) + 8 + headerLength;
  const column = (Type) => {
    offset = Math.ceil(offset / 4) * 4;
    const values = new Type(aligned, offset, header.edges);
    offset += values.byteLength;
    return values;
  };
  const graph = { ...header, nNodes: header.rows * header.positions };
  graph.weight = column(Float32Array);
  graph.otherWeight = header.other ? column(Float32Array) : null;
  graph.source = column(Uint32Array);
  graph.target = column(Uint32Array);
  graph.head = column(Int16Array);
  graph.kind = column(Uint8Array);
  return graph;
}

// How many edges the graph of one target has before anything is cut: see `edges_of_layer` in Python.
export function countCandidates(graph, position) {
  const n = position + 1;
  const straight = graph.parallel ? 2 : 3;
  return graph.layers * ((graph.heads * n * (n + 1)) / 2 + straight * n);
}

export function rowOf(graph, node) {
  return Math.floor(node / graph.positions);
}

export function positionOf(graph, node) {
  return node % graph.positions;
}

export function targetNode(graph, position) {
  return (graph.rows - 1) * graph.positions + position;
}
