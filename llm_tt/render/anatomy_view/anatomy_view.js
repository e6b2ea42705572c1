// Layers of a model at one position, down to single neurons. Bytes go in (`load`), what a person chooses comes out
// (`onSelect`); it knows neither Streamlit nor where it stands, so a file can hold it as well.

import { Beside } from "../canvas/beside.js";
import { bounded, zoomed } from "../canvas/camera.js";
import { element } from "../canvas/elements.js";
import { savePng, saveSvg } from "../canvas/saving.js";
import { Stage } from "../canvas/stage.js";
import { readTheme } from "../canvas/theme.js";
import { legibleTransform, wholeTransform } from "./layout.js";
import { describe, fillWords, summary } from "./in_words.js";
import { emptyState, lastNode, select } from "./view_state.js";
import { foundNode, middleOf } from "./picking.js";
import { KEYS_HELP, walk } from "./keyboard.js";
import { fittedTo } from "./letters.js";
import { PICTURE } from "./picture.js";
import { readPayload } from "./payload.js";
import { search } from "./search.js";
import { Toolbar } from "./toolbar.js";

const HEIGHT = { least: 380, most: 760, around: 330 };

export class AnatomyView {
  constructor(root, { onSelect, view = {} }) {
    this.root = root;
    this.onSelect = onSelect;
    this.state = emptyState();
    this.wanted = view.selected ?? null; // stays wanted while it is not on the picture
    this.stage = new Stage(PICTURE, {
      onPick: (found) => this.#picked(found), onDouble: () => this.fit(), onView: (transform) => this.#view(transform),
    });
    this.beside = new Beside();
    this.toolbar = new Toolbar(this);
    this.live = element("div", { class: "unseen", "aria-live": "polite" });
    this.notes = element("p", { class: "notes" });
    this.words = element("ul", { class: "words" });
    this.inWords = element("details", { class: "in-words", ontoggle: () => this.#fillWords() },
      element("summary", { text: "The strongest parts in words" }), this.words);
    root.replaceChildren(this.toolbar.box, this.stage.box, this.notes, this.inWords, this.live);
    this.stage.box.addEventListener("keydown", (event) => this.#key(event));
    this.observer = new ResizeObserver(() => this.#resized());
    this.observer.observe(root);
    document.fonts?.ready.then(() => this.refresh()); // words are shortened by their width
  }

  // New bytes, or the same ones again; what a person chose stays as far as it still means something.
  load(bytes) {
    const graph = readPayload(bytes);
    const { state } = this;
    const before = state.graph;
    if (before && before.run === graph.run) return;
    if (before && before.prompt !== graph.prompt) Object.assign(this, { wanted: null, beside: new Beside() });
    if (!before || before.prompt !== graph.prompt || String(before.layers) !== String(graph.layers)) state.transform = null;
    state.graph = graph;
    this.notes.textContent = (graph.notes ?? []).join(" ");
    select(state, this.wanted);
    this.refresh();
  }

  refresh() {
    const { state } = this;
    if (!state.graph) return;
    state.theme = readTheme(this.root);
    this.#layOut();
    this.#draw();
  }

  // A click here: the same part again clears the selection.
  choose(name) {
    this.#select((name ?? null) === (this.state.selection?.name ?? null) ? null : name);
    this.beside.passOver();
    this.onSelect(this.state.selection?.name ?? null);
  }

  // What was chosen in the panel beside, and how often something was: nothing is told.
  follow({ prompt, chosen, times }) {
    if (prompt !== this.state.graph?.prompt || !this.beside.isToFollow({ times })) return;
    if ((chosen ?? null) === this.wanted) return;
    this.#select(chosen ?? null);
    if (this.state.selection?.node !== undefined) this.#bringIntoSight(this.state.selection.node);
  }

  // From the search box: the next match, brought into sight.
  find(text, number) {
    const found = search(this.state.graph, text);
    if (found.length === 0) return { count: 0 };
    const index = number % found.length;
    this.stage.hover(null);
    this.#select(found[index]);
    if (this.state.selection.node !== undefined) this.#bringIntoSight(this.state.selection.node);
    this.beside.passOver();
    this.onSelect(this.state.selection.name);
    return { count: found.length, index };
  }

  zoom(factor) {
    const { layout, transform } = this.state;
    const { plot } = layout;
    this.#view(zoomed(transform, factor, [plot.left + plot.width / 2, plot.top + plot.height / 2], layout));
  }

  // All of it; and where all of it is shown already, back to what can be read.
  fit() {
    const { layout, transform } = this.state;
    const whole = wholeTransform(layout);
    this.#view(Math.abs(transform.k - whole.k) < 1e-6 ? legibleTransform(layout) : whole);
  }

  save(kind) {
    const { graph } = this.state;
    const run = (graph.runLabel ?? "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const name = ["anatomy", "layers", ...graph.layers, "position", graph.position, ...run].join("-");
    return (kind === "svg" ? saveSvg : savePng)(PICTURE.draw, this.state, name);
  }

  #select(name) {
    select(this.state, name);
    this.wanted = name;
    this.#draw();
    const { graph, selection } = this.state;
    this.live.textContent = selection ? `Selected: ${describe(graph, selection)}.` : "Nothing selected.";
  }

  #view(transform) {
    this.state.transform = transform;
    this.#draw();
  }

  #layOut() {
    const { state, root } = this;
    const width = Math.max(280, root.clientWidth);
    const height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, window.innerHeight - HEIGHT.around));
    const before = state.layout;
    Object.assign(state, fittedTo(state.graph, { width, height }, state.theme));
    this.stage.box.style.height = `${state.layout.size.height}px`;
    const { layout } = state;
    const sameShape = before && before.width === layout.width && before.height === layout.height
      && before.size.width === width && before.size.height === layout.size.height;
    if (!state.transform || !sameShape) state.transform = legibleTransform(layout);
  }

  #draw() {
    const { state } = this;
    if (!state.layout) return;
    this.stage.draw(state);
    this.stage.box.setAttribute("aria-label", `${summary(state.graph)} ${KEYS_HELP}`);
    this.#fillWords();
  }

  #fillWords() {
    if (!this.inWords.open || this.inWords.shown === this.state.graph) return;
    this.inWords.shown = this.state.graph;
    fillWords(this.words, this.state.graph, (name) => this.choose(name));
  }

  #picked(found) {
    this.stage.box.focus({ preventScroll: true });
    if (found || this.state.selection) this.choose(found?.part.name ?? null);
  }

  #key(event) {
    const { state, stage } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      Enter: () => stage.found && this.choose(stage.found.part.name),
      Escape: () => (state.selection ? this.choose(null) : stage.hover(null)),
      "+": () => this.zoom(1.25), "-": () => this.zoom(0.8), 0: () => this.fit(),
      "/": () => this.toolbar.focusSearch(),
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
      return;
    }
    if (!/^Arrow/.test(event.key)) return;
    event.preventDefault();
    const here = stage.found ?? state.selection;
    const from = here ? here.node ?? state.graph.edges.target[here.edge] : null;
    const next = from === null ? lastNode(state.graph) : walk(state.graph, state.layout, from, event.key);
    if (next === null) return;
    this.#bringIntoSight(next);
    stage.hover(foundNode(state.graph, next), middleOf(state, { node: next }));
    this.live.textContent = stage.card.box.innerText;
  }

  #bringIntoSight(node) {
    const { layout, transform } = this.state;
    const [x, y] = middleOf(this.state, { node });
    const { left, top, width, height } = layout.plot;
    const dx = x < left + 40 || x > left + width - 40 ? left + width / 2 - x : 0;
    const dy = y < top + 12 || y > top + height - 12 ? top + height / 2 - y : 0;
    if (dx || dy) this.#view(bounded({ ...transform, x: transform.x + dx, y: transform.y + dy }, layout));
  }

  #resized() {
    if (!this.state.graph || !this.root.isConnected) return;
    this.refresh();
  }
}
