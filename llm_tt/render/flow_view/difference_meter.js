// In a difference, what became of the edges stands where the measured meter would: that one is about one run.

import { element } from "../canvas/elements.js";
import { countsInWords, directionsInWords, namesOfRuns } from "./difference_words.js";
import { percent } from "../canvas/quantities.js";

const ORDER = ["gained", "stronger", "same", "weaker", "lost"];

export class DifferenceMeter {
  constructor() {
    this.pieces = ORDER.map((name) => element("div", { class: `meter-piece ${name}` }));
    this.words = element("span", { class: "difference-words" });
    this.box = element("div", { class: "meter difference", role: "img", hidden: true },
      element("div", { class: "meter-bar" }, ...this.pieces), this.words);
  }

  show({ graph, difference, theme }) {
    this.box.hidden = !difference;
    if (!difference) return;
    const { counts, drawn } = difference;
    ORDER.forEach((name, i) => {
      const { style } = this.pieces[i];
      style.width = `${drawn.length ? (100 * counts[name]) / drawn.length : 0}%`;
      style.background = theme[name];
    });
    this.words.textContent = countsInWords(counts);
    this.box.title = hintOfDifference(graph, counts);
    this.box.setAttribute("aria-label", this.words.textContent);
  }
}

function hintOfDifference(graph, counts) {
  const { ours, theirs } = namesOfRuns(graph);
  return `Edges at one threshold, in ${ours} and in ${theirs}. Gained: kept only in ${theirs}. Lost: kept only in ${ours}. `
    + `Changed: kept in both, and the weights differ by more than ${percent(graph.other.run.noticeable)} of the larger one. `
    + `${directionsInWords(counts)} `
    + "What a graph keeps of the prediction is measured for one run, and not shown here.";
}
