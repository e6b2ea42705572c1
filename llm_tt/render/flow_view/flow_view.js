// The graph on a page. Bytes go in (`load`), what a person chooses comes out (`onSelect`, `onTarget`); it knows
// neither Streamlit nor where it stands, so a notebook or a file can hold it as well.

import { Beside } from "../canvas/beside.js";
import { bounded, toScreen, zoomed } from "../canvas/camera.js";
import { element } from "../canvas/elements.js";
import { savePng, saveSvg } from "../canvas/saving.js";
import { Stage } from "../canvas/stage.js";
import { readTheme } from "../canvas/theme.js";
import { CutControl } from "./cut_control.js";
import { Toolbar } from "./toolbar.js";
import { applyCut, emptyState, rankForTarget, select, usualCut } from "./view_state.js";
import { fittedTo } from "./fitting.js";
import { fittingTransform, placeOf, stageHeight } from "./layout.js";
import { describePart, partNamed } from "./parts.js";
import { fillWords, summary } from "./in_words.js";
import { KEYS_HELP, walk } from "./keyboard.js";
import { PICTURE } from "./picture.js";
import { placeOfPart } from "./picking.js";
import { readPayload } from "./payload.js";
import { search } from "./search.js";

const HEIGHT = { least: 380, most: 900, around: 420 };

export class FlowView {
  // `isAlone`: nobody is there to be asked for another target, or to bring news.
  constructor(root, { onSelect, onTarget, onView = () => {}, onFile = () => {}, files = [], view = {}, isAlone = false }) {
    this.root = root;
    this.tell = { onSelect, onTarget, onView, onFile };
    this.files = files;
    this.state = { ...emptyState(), ...pickKnown(view), isAlone };
    this.wantedPins = view.pins ?? [];
    this.wanted = view.selected ?? null;
    this.chosen = Boolean(view.cut);
    this.beside = new Beside();
    this.stage = new Stage(PICTURE, {
      onPick: (found, event) => this.#picked(found, event), onDouble: () => this.#view(null), onView: (t) => this.#view(t),
    });
    this.cutControl = new CutControl((cut) => this.#cut(cut));
    this.toolbar = new Toolbar(this);
    this.live = element("div", { class: "unseen", "aria-live": "polite" });
    this.words = element("ul", { class: "words" });
    this.inWords = element("details", { class: "in-words", ontoggle: () => this.#fillWords() },
      element("summary", { text: "The strongest edges in words" }), this.words);
    root.replaceChildren(this.toolbar.box, this.cutControl.box, this.stage.box, this.inWords, this.live);
    this.stage.box.addEventListener("keydown", (event) => this.#key(event));
    this.observer = new ResizeObserver(() => this.#resized());
    this.observer.observe(root);
  }

  // New bytes, or the same ones again; what a person chose stays as far as it still means something.
  load(bytes) {
    const graph = readPayload(bytes);
    const before = this.state.graph;
    if (before && before.run === graph.run && before.targetPosition === graph.targetPosition) return;
    const otherPrompt = !before || before.prompt !== graph.prompt;
    const otherTarget = otherPrompt || before.targetPosition !== graph.targetPosition;
    const alreadyThere = !otherPrompt && before.run === graph.run && this.state.position === graph.targetPosition;
    this.state.graph = graph;
    if (otherPrompt && before) {
      Object.assign(this.state, { selection: null, pins: [], labels: {}, names: {} });
      this.beside = new Beside();
    }
    if (before && (otherPrompt || before.method !== graph.method) && !this.chosen) this.state.cut = null;
    if (!alreadyThere) this.state.curve = null;
    if (before && before.method !== graph.method && this.state.cut?.unit === "threshold") this.state.cut = null;
    rankForTarget(this.state, graph.targetPosition);
    this.state.targetLabel = graph.targetLabel ?? null;
    this.state.cut ??= usualCut(this.state);
    this.state.pins = this.wantedPins.map((name) => partNamed(graph, name)).filter(Boolean);
    if (otherPrompt || otherTarget) this.state.transform = null;
    if (this.wanted) select(this.state, this.wanted);
    this.wanted = null;
    this.refresh();
  }

  // What comes later than the graph: the measured curve, tokens for the cards, a part chosen elsewhere.
  news({ run, prompt, target, curve, measured, labels, names, chosen }) {
    const { state } = this;
    if (!state.graph || prompt !== state.graph.prompt) return;
    if (labels) state.labels = labels;
    if (names) state.names = names;
    state.measured = measured ?? 0;
    if (curve && run === state.graph.run && target === state.position) state.curve = curve;
    if (chosen && this.beside.isToFollow(chosen)) select(state, chosen.part);
    this.refresh();
  }

  refresh() {
    const { state } = this;
    if (!state.graph) return;
    state.theme = readTheme(this.root);
    applyCut(state);
    this.#layOut();
    this.#draw();
  }

  choose(name) {
    const { state } = this;
    const same = (name ?? null) === (state.selection?.name ?? null);
    select(state, same ? null : name);
    this.#tellSelection();
  }

  target(position) {
    const { state } = this;
    if (position === state.position || (state.isAlone && !state.graph.everyTarget)) return;
    if (state.graph.everyTarget) {
      rankForTarget(state, position);
      state.curve = null;
      state.targetLabel = null;
      this.refresh();
    } else {
      this.root.classList.add("waiting");
    }
    this.tell.onTarget(position);
  }

  // Another cut, pins and view, as an address has them.
  restore({ cut, pins, fanned, renormalized, compact }) {
    Object.assign(this.state, { cut: cut ?? usualCut(this.state), fanned, renormalized, compact });
    this.chosen = Boolean(cut);
    this.wantedPins = pins;
    this.state.pins = pins.map((name) => partNamed(this.state.graph, name)).filter(Boolean);
    this.refresh();
  }

  // From the search box: the next match, brought into sight; or where it would come in.
  find(text, number) {
    const { state } = this;
    const { found, hidden } = search(state, text);
    if (found.length === 0) return { count: 0, hidden };
    const index = number % found.length;
    this.stage.hover(null);
    select(state, found[index]);
    this.#bringIntoSight(state.selection);
    this.#tellSelection();
    return { count: found.length, index };
  }

  reveal({ name, threshold }) {
    this.#cut({ unit: "threshold", value: threshold });
    this.choose(name);
  }

  option(name, value) {
    this.state[name] = value;
    if (name === "compact") this.state.transform = null;
    this.refresh();
    this.#changed();
  }

  pin(part = this.state.selection) {
    if (!part || part.kind === "residual" || part.kind === "neuron") return;
    const { pins } = this.state;
    const others = pins.filter((pin) => pin.name !== part.name);
    this.state.pins = others.length === pins.length ? [...pins, part] : others;
    this.wantedPins = this.state.pins.map((pin) => pin.name);
    this.#draw();
    this.#changed();
  }

  zoom(factor) {
    const { plot } = this.state.layout;
    this.#view(zoomed(this.state.transform, factor, [plot.left + plot.width / 2, plot.top + plot.height / 2], this.state.layout));
  }

  fit() {
    this.#view(null);
  }

  save(kind) {
    const { graph, position, difference } = this.state;
    const run = difference ? `${graph.runLabel ?? "base"} to ${graph.other.label}` : graph.runLabel ?? "";
    const name = ["flow", graph.method, "position", position, ...run.split(/[^\p{L}\p{N}]+/u).filter(Boolean)].join("-");
    return (kind === "svg" ? saveSvg : savePng)(PICTURE.draw, this.state, name);
  }

  // A file that is made elsewhere, from what is shown here.
  askFor(name) {
    const { cut, selection } = this.state;
    this.toolbar.say("making the file …");
    this.tell.onFile(name, { ...this.view, cut, selected: selection?.name ?? null });
  }

  get view() {
    const { cut, fanned, renormalized, compact } = this.state;
    return { cut: this.chosen ? cut : null, pins: this.wantedPins, fanned, renormalized, compact };
  }

  #cut(cut) {
    this.state.cut = cut;
    this.chosen = true;
    this.refresh();
    this.#changed();
  }

  #view(transform) {
    this.state.transform = transform ?? fittingTransform(this.state.layout);
    this.#draw();
  }

  #layOut() {
    const { state, root } = this;
    const width = Math.max(280, root.clientWidth);
    const room = Math.min(HEIGHT.most, Math.max(HEIGHT.least, window.innerHeight - HEIGHT.around));
    const before = state.layout;
    Object.assign(state, fittedTo(state, { width, heightFor: (axisHeight) => stageHeight(state.graph, axisHeight, room) }));
    const { height } = state.layout.size;
    this.stage.box.style.height = `${height}px`;
    const sameShape = before && before.width === state.layout.width && before.size.width === width && before.size.height === height;
    if (!state.transform || !sameShape) {
      const zoomedIn = state.transform && before && state.transform.k !== 1;
      state.transform = zoomedIn ? bounded(state.transform, state.layout) : fittingTransform(state.layout);
    }
  }

  #draw() {
    const { state } = this;
    if (!state.layout) return;
    this.root.classList.remove("waiting");
    this.stage.draw(state);
    this.cutControl.show(state);
    this.toolbar.show(state);
    this.stage.box.setAttribute("aria-label", `${summary(state)} ${KEYS_HELP}`);
    this.#fillWords();
  }

  #fillWords() {
    if (this.inWords.open) fillWords(this.words, this.state, (name) => this.choose(name));
  }

  #picked(found, event) {
    this.stage.box.focus({ preventScroll: true });
    if (found?.target !== undefined) this.target(found.target);
    else if (event?.shiftKey && found) this.pin(found.part);
    else if (found || this.state.selection) this.choose(found?.part.name ?? null);
  }

  #key(event) {
    const { state, stage } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = stage.found?.part ?? state.selection;
    const actions = {
      Enter: () => stage.found?.part && this.choose(stage.found.part.name),
      Escape: () => (state.selection ? this.choose(null) : stage.hover(null)),
      p: () => this.pin(here),
      t: () => here && this.target(here.position),
      "+": () => this.zoom(1.25), "-": () => this.zoom(0.8), 0: () => this.fit(),
      "/": () => this.toolbar.focusSearch(),
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
      return;
    }
    // Going through the incoming edges starts from the state that they enter, not from one of them.
    this.step = event.key === "e" ? (this.step ?? -1) + 1 : -1;
    const next = walk(state, here, event.key, this.step);
    if (!next) return;
    event.preventDefault();
    this.#bringIntoSight(next);
    stage.hover({ part: next }, placeOfPart(state, next));
    this.live.textContent = stage.card.box.innerText;
  }

  #bringIntoSight(part) {
    const { layout, transform, graph } = this.state;
    const [x, y] = toScreen(layout, transform, placeOf(graph, layout, part.node));
    const { left, top, width, height } = layout.plot;
    const dx = x < left + 20 ? left + width / 2 - x : x > left + width - 20 ? left + width / 2 - x : 0;
    const dy = y < top ? top + height / 2 - y : y > top + height ? top + height / 2 - y : 0;
    if (dx || dy) this.#view(bounded({ ...transform, x: transform.x + dx, y: transform.y + dy }, layout));
  }

  #tellSelection() {
    const { graph, selection } = this.state;
    this.beside.passOver();
    this.#draw();
    this.live.textContent = selection
      ? `Selected: ${describePart(graph, selection, (at) => graph.tokens[at])}.`
      : "Nothing selected.";
    this.tell.onSelect(selection?.name ?? null);
  }

  #changed() {
    this.tell.onView(this.view);
  }

  #resized() {
    if (!this.state.graph || !this.root.isConnected) return;
    this.refresh();
  }
}

function pickKnown({ cut = null, fanned = false, renormalized = false, compact = true }) {
  return { cut, fanned, renormalized, compact };
}
