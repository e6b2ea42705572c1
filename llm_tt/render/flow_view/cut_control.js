// The slider with its three readings, and the meter beside it.

import { element } from "../canvas/elements.js";
import { percent } from "../canvas/quantities.js";
import { DifferenceMeter } from "./difference_meter.js";
import { namesOfRuns } from "./difference_words.js";
import { Meter } from "./meter.js";

const STEPS = 1000;
const UNITS = {
  density: "Density",
  threshold: "Threshold",
  mass: "Mass",
};
const HINTS = {
  density: "Keep this share of all possible edges, the longest survivors first.",
  threshold: "Keep the edges on a way to the target all of whose edges weigh at least this much.",
  mass: "Keep the fewest edges that carry this share of the weight.",
};

export class CutControl {
  constructor(onCut) {
    this.onCut = onCut;
    this.slider = element("input", {
      type: "range", min: 0, max: STEPS, step: 1, class: "slider", "aria-label": "How much of the graph to show",
      oninput: () => this.#slide(),
    });
    this.unit = element("select", { class: "unit", "aria-label": "Reading of the slider", onchange: () => this.#convert() },
      ...Object.entries(UNITS).map(([value, text]) => element("option", { value, text, title: HINTS[value] })));
    this.number = element("input", {
      type: "text", inputmode: "decimal", class: "number", "aria-label": "Exact value", onchange: () => this.#type(),
    });
    this.readout = element("div", { class: "readout" });
    this.meter = new Meter();
    this.difference = new DifferenceMeter();
    this.hidden = element("div", { class: "hidden-edges", hidden: true });
    this.box = element("div", { class: "controls" },
      element("div", { class: "cut" }, this.unit, this.slider, this.number),
      element("div", { class: "figures" }, this.readout, this.meter.box, this.difference.box), this.hidden);
  }

  show(state) {
    this.state = state;
    const { cut, described, graph } = state;
    this.unit.value = cut.unit;
    this.unit.title = HINTS[cut.unit];
    const value = described[cut.unit];
    this.number.value = this.#write(cut.unit, value);
    if (this.slider !== this.slider.getRootNode().activeElement) this.slider.value = this.#positionOf(cut.unit, value);
    const edges = `${described.edges.toLocaleString("en")} of ${described.candidates.toLocaleString("en")} edges`;
    const all = {
      density: percent(described.density),
      threshold: `threshold ${this.#write("threshold", described.threshold)}`,
      mass: `${percent(described.mass)} of the weight`,
    };
    this.readout.textContent = `${edges}, ${all.density}  ·  ${all.threshold}  ·  ${all.mass}${inOtherRun(state)}`;
    this.slider.setAttribute("aria-valuetext", this.readout.textContent);
    this.meter.show(state);
    this.difference.show(state);
    this.hidden.hidden = !graph.hidden && !graph.other?.run?.hidden;
    if (!this.hidden.hidden) {
      this.hidden.textContent = `Edges below ${this.#write("threshold", graph.floor)} were not sent: `
        + missing(graph.hidden) + (graph.other?.run ? `; in ${graph.other.label}: ${missing(graph.other.run.hidden)}.` : ".");
    }
  }

  #slide() {
    const { unit } = this.state.cut;
    this.onCut({ unit, value: this.#valueAt(unit, this.slider.value / STEPS) });
  }

  #convert() {
    const unit = this.unit.value;
    this.onCut({ unit, value: this.state.described[unit] });
  }

  #type() {
    const { unit } = this.state.cut;
    const typed = Number(this.number.value.replace(",", ".").replace("%", "").trim());
    const inPercent = unit !== "threshold" || !this.state.graph.signed;
    const value = inPercent ? typed / 100 : typed;
    const [least] = this.#range(unit);
    if (!Number.isFinite(value) || this.number.value.trim() === "") {
      this.show(this.state);
      return;
    }
    this.onCut({ unit, value: Math.min(unit === "threshold" ? Infinity : 1, Math.max(unit === "threshold" ? 0 : least, value)) });
  }

  #write(unit, value) {
    if (unit === "threshold" && this.state.graph.signed) return value >= 1 ? value.toFixed(2) : value.toPrecision(2);
    return percent(value);
  }

  // From few edges (left) to all (right); thresholds run the other way.
  #range(unit) {
    const { ranked, rankedOther, graph, difference } = this.state;
    const n = ranked.values.length;
    if (unit === "threshold") {
      const all = (difference ? [ranked, rankedOther] : [ranked]).filter(({ values }) => values.length);
      const most = Math.max(...all.map(({ values }) => values[0]), 0) || 1;
      const least = all.length ? Math.min(...all.map(({ values }) => values.at(-1))) : 0;
      return [most, Math.max(graph.floor, least, most * 1e-4)];
    }
    if (unit === "density") return [1 / ranked.candidates, Math.max(2, n) / ranked.candidates];
    return [0.001, 1];
  }

  #valueAt(unit, share) {
    const [first, last] = this.#range(unit);
    // Counts and thresholds are logarithmic; mass piles up at its upper end, where a logarithm would hide it.
    if (unit === "mass") return first + share * (last - first);
    if (unit === "threshold" && share >= 1) return this.state.graph.floor; // all of them, however weak
    return first * (last / first) ** share;
  }

  #positionOf(unit, value) {
    const [first, last] = this.#range(unit);
    const share = unit === "mass" ? (value - first) / (last - first) : Math.log(value / first) / Math.log(last / first);
    return Math.round(STEPS * Math.min(1, Math.max(0, share || 0)));
  }
}

function inOtherRun({ difference, graph }) {
  if (!difference) return "";
  const { ours, theirs } = namesOfRuns(graph);
  return ` in ${ours}  ·  ${difference.keptOther.length.toLocaleString("en")} edges in ${theirs}`;
}

function missing(hidden) {
  return `${hidden.edges.toLocaleString("en")} edges, ${percent(hidden.mass)} of the weight`;
}
