// What the browser's own modules say about a graph: node answers.mjs FOLDER PAYLOAD QUESTIONS, in JSON.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, payload, questions] = process.argv.slice(2);
const [reading, survival, parts, view, meter, words, inWords, searching, hovering] = await Promise.all(
  ["payload", "survival", "parts", "view_state", "meter", "difference_words", "in_words", "search", "hover_card"].map((name) => import(pathToFileURL(`${folder}/${name}.js`))),
);

const plain = (value) => JSON.parse(JSON.stringify(value, (_, held) => (ArrayBuffer.isView(held) ? [...held] : held)));
const bytes = new Uint8Array(readFileSync(payload));

const ANSWERS = {
  graph: ({ shift = 0 }) => {
    const shifted = new Uint8Array(bytes.length + shift);
    shifted.set(bytes, shift);
    return reading.readPayload(shifted.subarray(shift));
  },
  refusal: ({ text }) => {
    try {
      return reading.readPayload(new TextEncoder().encode(text));
    } catch (error) {
      return error.message;
    }
  },
  candidates: ({ position }) => reading.countCandidates(graph(), position),
  survival: ({ position, other }) => survival.survivalOf(graph(), other ? graph().otherWeight : graph().weight, position),
  cut: (question) => {
    const state = stateFor(question);
    const { described, kept, shown, pairs, otherPairs, inOther, agreement, reached, selection, difference } = state;
    return {
      ...described, kept, shown, pairs, otherPairs, inOther, agreement, reached, difference, selected: selection?.name ?? null,
    };
  },
  trails: (question) => {
    const { trails, pairs } = stateFor(question);
    return { pairs, ...Object.fromEntries(Object.entries(trails).map(([name, found]) => [name, [...found]])) };
  },
  search: ({ text, ...question }) => searching.search(stateFor(question), text),
  summary: (question) => inWords.summary(stateFor(question)),
  change: ({ name, ...question }) => {
    const state = stateFor(question);
    const { pairs } = state;
    const edge = (e) => parts.edgeName(graph(), graph().source[e], graph().target[e], graph().kind[e], graph().head[e]);
    const pair = pairs.find((p) => p.edges.some((e) => edge(e) === name));
    return pair && words.linesOfChange(state, pair, pair.edges.filter((e) => edge(e) === name));
  },
  card: ({ name, ...question }) => hovering.linesOfPart(stateFor(question), { part: parts.partNamed(graph(), name) }),
  names: () => {
    const { nNodes, source, target, kind, head } = graph();
    return {
      states: Array.from({ length: nNodes }, (_, node) => parts.stateName(graph(), node)),
      edges: Array.from(kind, (_, e) => parts.edgeName(graph(), source[e], target[e], kind[e], head[e])),
      pairs: Array.from(kind, (_, e) => parts.edgeName(graph(), source[e], target[e], kind[e])),
    };
  },
  part: ({ name }) => parts.partNamed(graph(), name),
  called: ({ name }) => parts.describePart(graph(), parts.partNamed(graph(), name), (at) => graph().tokens[at]),
  faithfulness: ({ curve, edges }) => view.faithfulnessAt(curve, edges),
  hint: ({ curve, edges }) => meter.hintOf(view.faithfulnessAt(curve, edges)),
};

function stateFor({ position, cut, renormalized = false, fanned = false, selected = null, names = {} }) {
  const state = { ...view.emptyState(), graph: graph(), cut, renormalized, fanned, names, selection: selected && { name: selected } };
  view.rankForTarget(state, position);
  state.cut ??= view.usualCut(state);
  view.applyCut(state);
  return state;
}

let read = null;
const graph = () => (read ??= reading.readPayload(bytes));

console.log(JSON.stringify(JSON.parse(questions).map((question) => plain(ANSWERS[question.ask](question) ?? null))));
