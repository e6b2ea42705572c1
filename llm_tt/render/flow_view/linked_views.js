// Two graphs side by side: what is pointed at, selected and cut in one is so in the other, through the columns that
// their positions share. They tell each other here, in one element, so that no graph elsewhere can hear.

import { Beside } from "../canvas/beside.js";
import { element } from "../canvas/elements.js";
import { FlowView } from "./flow_view.js";
import { columnOf, inColumns, onSide } from "./shared_columns.js";
import { partNamed } from "./parts.js";
import { placeOfPart } from "./picking.js";
import { pairsOfPart } from "./trails.js";
import { select } from "./view_state.js";

const MAGIC = "LTP1";
const SIDES = [0, 1];

export class LinkedViews {
  // `onSelect` gets the part with columns as positions; `onTarget` a column.
  constructor(root, { onSelect, onTarget, onView, view }) {
    this.tell = { onSelect, onTarget, onView };
    this.columns = [];
    this.selected = null;
    this.beside = new Beside();
    const roots = SIDES.map(() => element("div", { class: "flow" }));
    root.replaceChildren(element("div", { class: "sides" }, ...roots));
    this.views = SIDES.map((side) => this.#view(roots[side], side, view));
  }

  load(bytes) {
    const { header, graphs } = readPair(bytes);
    if (header.name === this.name) return;
    const isOther = JSON.stringify(header.columns) !== JSON.stringify(this.columns);
    Object.assign(this, { name: header.name, columns: header.columns, isOneUnit: header.oneUnit });
    if (isOther) Object.assign(this, { selected: null, beside: new Beside() });
    SIDES.forEach((side) => this.views[side].load(graphs[side]));
    if (this.isOneUnit) this.#scaleAlike();
    this.#cutAs(0);
    this.#selectBoth();
  }

  refresh() {
    for (const view of this.views) view.refresh();
  }

  // The part that was chosen beside the graphs, and how their nodes read.
  news({ prompt, sides, names, chosen, curve }) {
    if (prompt !== this.name) return;
    SIDES.forEach((side) => {
      Object.assign(this.views[side].state, { labels: sides?.[side] ?? {}, names: names ?? {}, curve });
      this.views[side].refresh();
    });
    if (!chosen || !this.beside.isToFollow(chosen)) return;
    this.selected = chosen.part;
    this.#selectBoth();
  }

  restore(view) {
    this.views[0].restore(view);
    this.views[1].restore({ ...view, pins: [] });
    this.#cutAs(0);
  }

  get view() {
    return this.views[0].view;
  }

  stop() {
    for (const view of this.views) view.observer.disconnect();
  }

  #view(root, side, view) {
    const own = new FlowView(root, {
      view: side === 0 ? view : { ...view, pins: [] },
      onSelect: (name) => {
        this.selected = inColumns(this.columns, name, side);
        this.beside.passOver();
        this.#selectBoth(side);
        this.tell.onSelect(this.selected);
      },
      onTarget: (position) => this.tell.onTarget(columnOf(this.columns, position, side)),
      onView: () => {
        this.#cutAs(side);
        this.tell.onView();
      },
    });
    own.stage.onHover = (found) => this.#echo(found, side);
    root._view = { view: own };
    return own;
  }

  #selectBoth(except = null) {
    for (const side of SIDES) {
      const view = this.views[side];
      if (side === except || !view.state.graph) continue;
      select(view.state, onSide(this.columns, this.selected, side));
      view.refresh();
    }
  }

  // A curve of one width means the same in both.
  #scaleAlike() {
    for (const what of ["reference", "residualReference"]) {
      const most = Math.max(...this.views.map(({ state }) => state[what]));
      for (const { state } of this.views) state[what] = most;
    }
  }

  // In one unit at the same threshold; otherwise with equally many edges.
  #cutAs(side) {
    const [here, there] = [this.views[side], this.views[1 - side]];
    if (!here.state.graph || !there.state.graph) return;
    const { threshold, described } = here.state;
    const cut = this.isOneUnit
      ? { unit: "threshold", value: threshold }
      : { unit: "density", value: Math.min(1, described.edges / there.state.ranked.candidates) };
    const { fanned, renormalized, compact } = here.state;
    there.chosen = here.chosen; // so that the address keeps it, whichever slider was moved
    Object.assign(there.state, { cut, fanned, renormalized, compact });
    there.refresh();
  }

  // The same thing under the pointer of the other graph, with what it is there.
  #echo(found, side) {
    const { stage, state } = this.views[1 - side];
    if (!state.graph || !state.layout) return;
    const name = found?.part && onSide(this.columns, inColumns(this.columns, found.part.name, side), 1 - side);
    const part = name ? partNamed(state.graph, name) : null;
    if (!part || part.position > state.position) return stage.point(null);
    const [pair] = pairsOfPart(state.graph, state.pairs, part);
    return stage.point({ part, pair }, placeOfPart(state, part));
  }
}

function readPair(bytes) {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`These are no bytes of two graphs: ${magic}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const start = 8 + length;
  const middle = start + header.lengths[0];
  return { header, graphs: [bytes.subarray(start, middle), bytes.subarray(middle, middle + header.lengths[1])] };
}
