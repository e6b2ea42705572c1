// What the browser's own modules say about a picture of layers: node answers.mjs FOLDER PAYLOAD QUESTIONS, in JSON.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file, questions] = process.argv.slice(2);
const [payload, layouts, routes, colours, trails, searching, measures, strokes, cards, keyboard, words, states] = await Promise.all(
  ["payload", "layout", "routes", "rank_colours", "trails", "search", "measures", "strokes", "card_lines", "keyboard", "in_words",
    "view_state"].map((name) => import(pathToFileURL(`${folder}/${name}.js`))),
);
const { flatten } = await import(pathToFileURL(`${folder}/../canvas/bezier.js`));
const { zoomed, bounded, toScreen } = await import(pathToFileURL(`${folder}/../canvas/camera.js`));

// Letters of one width each, where there is no browser to measure them.
globalThis.document = { createElement: () => ({ getContext: () => ({ measureText: (text) => ({ width: 6.5 * text.length }) }) }) };
const { drawLegend } = await import(pathToFileURL(`${folder}/legend.js`));

const plain = (value) => JSON.parse(JSON.stringify(value, (_, held) => {
  if (held instanceof Map) return Object.fromEntries(held);
  return ArrayBuffer.isView(held) || held instanceof Set ? [...held] : held;
}));
const bytes = new Uint8Array(readFileSync(file));
let read = null;
const graph = () => (read ??= payload.readPayload(bytes));
const node = (name) => graph().named.get(name).node;
const nameOf = (i) => (i === null ? null : graph().nodes.name[i]);
const layout = ({ width = 1100, height = 600 }) => layouts.computeLayout(graph(), { width, height }, (word) => 6 * word.length);

const ANSWERS = {
  graph: graph,
  refusal: ({ text }) => {
    try {
      return payload.readPayload(new TextEncoder().encode(text));
    } catch (error) {
      return error.message;
    }
  },
  clicked: () => graph().edges.kind.map((_, e) => payload.partOfEdge(graph(), e).name),
  layout: (room) => {
    const laid = layout(room);
    const edges = graph().edges.kind.map((_, e) => routes.routeOf(graph(), laid, e).flatMap((curve) => [...flatten(curve)]));
    return { ...laid, edges, whole: layouts.wholeTransform(laid), legible: layouts.legibleTransform(laid) };
  },
  labelled: ({ reach }) => {
    const labels = graph().nodes.key.map((key) => (key >= 0 ? reach : 0));
    return graph().edges.kind.map((_, e) => routes.routeOf(graph(), layout({}), e, labels).at(-1).slice(6));
  },
  zoomed: ({ factor, at }) => {
    const laid = layout({ width: 500 });
    const before = { k: 1, x: -200, y: 0 };
    const after = zoomed(before, factor, at, laid);
    const world = [(at[0] - laid.plot.left - before.x) / before.k, (at[1] - laid.plot.top - before.y) / before.k];
    return { after, at: toScreen(laid, after, world), least: laid.least, lost: bounded({ ...after, x: 1e6 }, laid) };
  },
  tones: ({ ranks, vocabulary }) => ranks.map((rank) => colours.toneOf(rank, vocabulary)),
  chip: ({ theme, tones }) => tones.map((tone) => {
    const fill = colours.fillOf(theme, tone);
    return { fill, contrast: colours.contrast(colours.inkOn(theme, fill), fill) };
  }),
  decided: ({ entropies, vocabulary }) => entropies.map((entropy) => colours.decidedness(entropy, vocabulary)),
  strokes: ({ theme }) => graph().edges.kind.map((_, e) => ({ ...strokes.strokeOf(graph(), e), color: strokes.colourOf(theme, graph(), e) })),
  selected: ({ name }) => {
    const state = { ...states.emptyState(), graph: graph() };
    states.select(state, name);
    const { nodes, edges, chosen } = state.trails ?? { nodes: [], edges: [], chosen: [] };
    return { name: state.selection?.name ?? null, nodes: [...nodes].map(nameOf), edges: [...edges], chosen: [...chosen] };
  },
  search: ({ text }) => searching.search(graph(), text),
  card: ({ name }) => cards.linesOfNode(graph(), node(name)),
  readings: ({ name, amounts }) => amounts.map((amount) => cards.readingInWords(graph(), node(name), amount)),
  edgeCard: ({ edge }) => cards.linesOfEdge(graph(), edge),
  walk: ({ name, key }) => nameOf(keyboard.walk(graph(), layout({}), node(name), key)),
  summary: () => words.summary(graph()),
  strongest: () => words.strongestNodes(graph()).map(nameOf),
  legend: ({ width, theme }) => {
    const said = [];
    const painter = { text: (text) => said.push(text), rect: () => {}, curve: () => {} };
    drawLegend(painter, { graph: graph(), theme, layout: layout({ width }) });
    return said;
  },
  ordinals: ({ numbers }) => numbers.map(measures.ordinal),
  amounts: ({ values }) => values.map((value) => measures.amountInWords(graph(), value)),
  texts: ({ name }) => states.textsOf(graph(), node(name)),
};

console.log(JSON.stringify(JSON.parse(questions).map((question) => plain(ANSWERS[question.ask](question) ?? null))));
