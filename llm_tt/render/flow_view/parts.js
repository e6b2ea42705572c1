// Names of parts, as the library has them (tracing/parts.py): L2.post@4, L2H1@1-13, L2.mlp@13, L2N33@13.

import { MLP, RESIDUAL, NO_HEAD, positionOf, rowOf } from "./payload.js";

export function stateName(graph, node) {
  const row = rowOf(graph, node);
  const at = `@${positionOf(graph, node)}`;
  if (row === 0) return `embed${at}`;
  const layer = layerOfRow(graph, row);
  return `L${layer}.${isMid(graph, row) ? "mid" : "post"}${at}`;
}

export function layerOfRow(graph, row) {
  return graph.parallel ? row - 1 : Math.floor((row - 1) / 2);
}

export function isMid(graph, row) {
  return !graph.parallel && row % 2 === 1;
}

export function nodeAt(graph, row, position) {
  return row * graph.positions + position;
}

export function edgeName(graph, source, target, kind, head = NO_HEAD) {
  const layer = layerOfRow(graph, rowOf(graph, target));
  const at = positionOf(graph, target);
  if (kind === RESIDUAL) return stateName(graph, target).replace("@", ".residual@");
  if (kind === MLP) return `L${layer}.mlp@${at}`;
  const from = positionOf(graph, source);
  return head === NO_HEAD ? `L${layer}.attention@${from}-${at}` : `L${layer}H${head}@${from}-${at}`;
}

const PATTERNS = {
  state: /^(?:(embed)|L(?<layer>\d+)\.(?<stage>mid|post))@(?<position>\d+)$/,
  residual: /^L(?<layer>\d+)\.(?<stage>mid|post)\.residual@(?<position>\d+)$/,
  messages: /^L(?<layer>\d+)\.attention@(?<key>\d+)-(?<position>\d+)$/,
  message: /^L(?<layer>\d+)H(?<head>\d+)@(?<key>\d+)-(?<position>\d+)$/,
  head: /^L(?<layer>\d+)H(?<head>\d+)@(?<position>\d+)$/,
  mlp: /^L(?<layer>\d+)\.mlp@(?<position>\d+)$/,
  neuron: /^L(?<layer>\d+)N(?<neuron>\d+)@(?<position>\d+)$/,
};

// A part by its name, with the nodes at its ends; null where the name means nothing in this graph.
export function partNamed(graph, name) {
  for (const [kind, pattern] of Object.entries(PATTERNS)) {
    const found = pattern.exec(name ?? "")?.groups;
    if (!found) continue;
    const part = { kind, name };
    for (const [field, text] of Object.entries(found)) {
      if (text !== undefined) part[field] = field === "stage" ? text : Number(text);
    }
    return locate(graph, part);
  }
  return null;
}

function locate(graph, part) {
  const layer = part.layer ?? -1;
  if (layer >= graph.layers || part.position >= graph.positions || part.key > part.position) return null;
  if (part.head >= graph.heads || (part.stage === "mid" && graph.parallel)) return null;
  const post = graph.parallel ? layer + 1 : 2 * layer + 2;
  const mid = graph.parallel ? post : post - 1;
  const at = (row, position) => nodeAt(graph, row, position);
  const target = {
    state: part.stage === "mid" ? mid : post,
    residual: part.stage === "mid" ? mid : post,
    messages: mid, message: mid, head: mid, mlp: post, neuron: post,
  }[part.kind];
  const row = layer < 0 ? 0 : target;
  const source = { residual: row - 1, messages: graph.parallel ? post - 1 : mid - 1, message: mid - 1 }[part.kind];
  const before = part.kind === "mlp" || part.kind === "neuron" ? row - 1 : source;
  return {
    ...part,
    layer,
    stage: layer < 0 ? "embed" : part.stage,
    node: at(row, part.position),
    source: before === undefined ? null : at(before, part.key ?? part.position),
  };
}

// What a person calls a part's component, by its title: L2H1, L2N33, L2.mlp.
export function ownName(names, part) {
  return names[part.name.replace(/@.*/, "")] ?? "";
}

// What a part is called in front of a person; `token` shows a position's token.
export function describePart(graph, part, token) {
  const at = `${token(part.position)} (${part.position})`;
  const from = part.key === undefined ? "" : `${token(part.key)} (${part.key})`;
  switch (part.kind) {
    case "state":
      if (part.layer < 0) return `Embedding of ${at}`;
      return part.stage === "mid" ? `After attention, layer ${part.layer}, ${at}` : `After layer ${part.layer}, ${at}`;
    case "residual": return `Residual, layer ${part.layer}, ${at}`;
    case "messages": return `Attention, layer ${part.layer}: ${from} → ${at}`;
    case "message": return `Head L${part.layer}H${part.head}: ${from} → ${at}`;
    case "head": return `Head L${part.layer}H${part.head} at ${at}`;
    case "mlp": return `MLP, layer ${part.layer}, ${at}`;
    default: return `Neuron L${part.layer}N${part.neuron} at ${at}`;
  }
}
