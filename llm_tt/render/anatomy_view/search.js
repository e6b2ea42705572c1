// "L2H1", "H1", "N33", "L2N33", "mlp", "2.1", "L2.mid@13", a hook's name, or a token: which nodes are meant, by
// name, best first.

import { canonical } from "../canvas/component_names.js";

const SHORT = /^\s*(?:l(\d+))?[\s.]*(?:h(\d+)|n(\d+)|(embed|mlp|ffn|attention|attn|mid|post|norm1|norm2))\s*$/i;
const LAYER = /^\s*l(\d+)\s*$/i;
const WORDS = {
  ffn: ["mlp"], mlp: ["mlp"], attn: ["attention"], attention: ["attention"], mid: ["mid"], post: ["output"], embed: ["input"],
  norm1: ["norm_attention"], norm2: ["norm_mlp"],
};

export function search(graph, text) {
  const query = text.trim();
  if (!query) return [];
  const exact = [query, `${query}@${graph.position}`].find((name) => graph.named.has(name));
  if (exact) return [exact, ...byShorthand(graph, query).filter((name) => name !== exact)];
  const short = byShorthand(graph, query);
  if (short.length) return short;
  // Numbers are tokens before they are heads.
  const tokens = byToken(graph, query);
  const component = canonical(query);
  return tokens.length || component === query ? tokens : search(graph, component);
}

function byShorthand(graph, query) {
  const layer = LAYER.exec(query);
  if (layer) return namesWhere(graph, (i, { layer: of }) => of[i] === Number(layer[1]));
  const found = SHORT.exec(query);
  if (!found) return [];
  const [, inLayer, head, neuron, word] = found;
  const isThere = (i) => inLayer === undefined || graph.nodes.layer[i] === Number(inLayer);
  if (word) return namesWhere(graph, (i, { kind }) => isThere(i) && WORDS[word.toLowerCase()].includes(kind[i]));
  if (head !== undefined) {
    // The head itself comes first, then what belongs to it.
    const mine = (i, { head: of }) => isThere(i) && of[i] === Number(head);
    const itself = namesWhere(graph, (i, nodes) => mine(i, nodes) && nodes.kind[i] === "head");
    return [...itself, ...namesWhere(graph, (i, nodes) => mine(i, nodes) && nodes.kind[i] !== "head")];
  }
  const wanted = (i, { neuron: of, kind }, kinds) => isThere(i) && of[i] === Number(neuron) && kinds.includes(kind[i]);
  return ["neuron", "neuron_in"].flatMap((kind) => namesWhere(graph, (i, nodes) => wanted(i, nodes, [kind])));
}

function namesWhere({ nodes }, test) {
  return nodes.name.filter((_, i) => test(i, nodes));
}

// Chips that show the token first, then keys and values that it made, then whatever else promotes it.
function byToken(graph, query) {
  const plain = (token) => token.replaceAll("·", " ").trim().toLowerCase();
  const wanted = plain(query);
  if (!wanted) return [];
  const { promoted, key } = graph.nodes;
  const isIt = (token) => token !== undefined && plain(token) === wanted;
  const tests = [
    (i) => isIt(promoted[i][0]),
    (i) => key[i] >= 0 && isIt(graph.tokens[key[i]]),
    (i) => promoted[i].some(isIt),
    (i) => promoted[i][0] !== undefined && plain(promoted[i][0]).includes(wanted),
  ];
  return [...new Set(tests.flatMap((test) => namesWhere(graph, test)))];
}
