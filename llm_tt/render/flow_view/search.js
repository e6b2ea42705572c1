// "L9H6", "9.6", "L3 mlp", "L3N1204", "L3", "L2.post@4", a hook's name, or a token: which parts are meant.

import { canonical } from "../canvas/component_names.js";
import { ATTENTION, MLP } from "./payload.js";
import { edgeName, partNamed } from "./parts.js";

const HEAD = /^L(\d+)H(\d+)$/;
const BLOCK = /^L(\d+)\.mlp$/;
const SINGLE = /^L\d+(?:N\d+|\.mid|\.post)$/;
const LAYER = /^\s*l(\d+)\s*$/i;

// {found: names, strongest first; hidden: {edges, threshold} when what was asked for is cut away; asked}
export function search(state, text) {
  const { graph } = state;
  const query = text.trim();
  if (!query) return { found: [], hidden: null };
  const component = canonical(query);
  const named = [query, component].find((name) => partNamed(graph, name));
  if (named) return { found: [named], hidden: null };
  const head = HEAD.exec(component);
  if (head) {
    const [layer, number] = [Number(head[1]), Number(head[2])];
    return edgesWhere(state, (e, l) => graph.kind[e] === ATTENTION && l === layer && graph.head[e] === number);
  }
  const block = BLOCK.exec(component);
  if (block) return edgesWhere(state, (e, l) => graph.kind[e] === MLP && l === Number(block[1]));
  const layer = LAYER.exec(query);
  // The first layer's hook in front is the embedding; that word alone may be a token.
  if (layer || SINGLE.test(component) || (component === "embed" && component !== query)) {
    const name = `${layer ? `L${layer[1]}.post` : component}@${state.position}`;
    return { found: partNamed(graph, name) ? [name] : [], hidden: null };
  }
  const own = byOwnName(state, query);
  if (own) return search(state, own);
  return { found: byToken(state, query), hidden: null };
}

function edgesWhere(state, test) {
  const { graph, ranked, rankedOther, drawn, difference } = state;
  const layerOf = (e) => Math.floor((graph.target[e] / graph.positions - 1) / (graph.parallel ? 1 : 2));
  const named = (e) => edgeName(
    graph, graph.source[e], graph.target[e], graph.kind[e], graph.kind[e] === ATTENTION ? graph.head[e] : undefined,
  );
  const wanted = [...drawn].filter((e) => test(e, layerOf(e)));
  if (wanted.length) return { found: [...new Set(wanted.map(named))], hidden: null };
  const hidden = (difference ? [ranked, rankedOther] : [ranked])
    .map(({ order, survival }) => ({ survival, first: order.find((e) => test(e, layerOf(e))) }))
    .filter(({ first }) => first !== undefined)
    .map(({ survival, first }) => ({ name: named(first), threshold: survival[first] }))
    .sort((a, b) => b.threshold - a.threshold);
  return { found: [], hidden: hidden[0] ?? null };
}

// The component that a person calls so.
function byOwnName({ names }, query) {
  const wanted = query.toLowerCase();
  return Object.keys(names).find((component) => names[component].toLowerCase() === wanted) ?? null;
}

// Tokens of the prompt first, then states and MLPs that read as it.
function byToken(state, query) {
  const { graph, labels } = state;
  const plain = (token) => token.replaceAll("·", " ").trim().toLowerCase();
  const wanted = plain(query);
  if (!wanted) return [];
  const found = [];
  const rank = (token) => (plain(token) === wanted ? 0 : plain(token).includes(wanted) ? 1 : 2);
  for (const exactness of [0, 1]) {
    graph.tokens.forEach((token, at) => {
      if (rank(token) === exactness && at <= state.position) found.push(`embed@${at}`);
    });
  }
  for (const [name, tokens] of Object.entries(labels)) if (tokens.some((token) => rank(token) === 0)) found.push(name);
  return found;
}
