// The meter beside the slider: what the graph keeps of the prediction.

import { element } from "../canvas/elements.js";
import { percent } from "../canvas/quantities.js";
import { faithfulnessAt } from "./view_state.js";

// Measured shares are no better than a tenth of a percent.
function roughly(share) {
  return percent(Math.abs(share) < 0.0005 ? 0 : share);
}

// What the graph keeps of the prediction when all else is cut; the tick is a random graph of equal size.
export class Meter {
  constructor() {
    this.fill = element("div", { class: "meter-fill" });
    this.tick = element("div", { class: "meter-tick" });
    this.words = element("span", { class: "meter-words" });
    this.box = element("div", { class: "meter", role: "img" },
      element("div", { class: "meter-bar" }, this.fill, this.tick), this.words);
  }

  show({ curve, described, measured, difference, isAlone }) {
    this.box.hidden = Boolean(difference) || (isAlone && !curve); // two runs have no curve in common
    const here = faithfulnessAt(curve, described.edges);
    this.box.classList.toggle("unknown", !here);
    const clip = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;
    this.fill.style.width = here ? clip(here.retained) : "0";
    this.tick.style.display = here && here.random !== null ? "" : "none";
    if (here && here.random !== null) this.tick.style.left = clip(here.random);
    this.words.textContent = !here
      ? (curve ? curve.note ?? "nothing to keep" : `measuring what it keeps …${measured ? ` ${percent(measured)}` : ""}`)
      : `keeps ${here.exact ? "" : "about "}${roughly(here.retained)} of ${curve.what}; random edges ${roughly(here.random ?? 0)}`
        + (here.sameTop ? "" : "; another token on top");
    this.box.title = here ? hintOf(here) : "";
    this.box.setAttribute("aria-label", this.words.textContent);
  }
}

export function hintOf({ kl, exact }) {
  return "Measured: the model ran with everything outside this graph replaced by its mean over ordinary texts. "
    + "The tick is a random graph of equal size. "
    + `From the whole model's prediction this one diverges by ${exact ? "" : "about "}KL ${kl.toFixed(2)} nats.`;
}
