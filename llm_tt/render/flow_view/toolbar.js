// Search, zoom, view and export, above the graph.

import { checkbox, element, menu, saveMenu, zoomButtons } from "../canvas/elements.js";
import { formatWeight } from "./numbers.js";
import { percent } from "../canvas/quantities.js";

export class Toolbar {
  constructor(view) {
    this.view = view;
    this.number = 0;
    this.input = element("input", {
      type: "search", class: "search", placeholder: "Find L2H1, L3 mlp, a token", "aria-label": "Find in the graph",
      onkeydown: (event) => this.#key(event), oninput: () => this.#clear(),
    });
    this.answer = element("span", { class: "answer", "aria-live": "polite" });
    this.agreement = element("span", { class: "agreement" });
    const { state } = view;
    this.pinButton = element("button", {
      type: "button", class: "tool", text: "Pin", title: "Keep the selected part named on the picture (p)", onclick: () => view.pin(),
    });
    this.box = element("div", { class: "toolbar" },
      this.input, this.answer, this.agreement, element("span", { class: "space" }), this.pinButton,
      ...zoomButtons(view),
      menu("View", [
        checkbox("Fan out heads", state.fanned, (on) => view.option("fanned", on), "Draw every head between two tokens as its own curve"),
        checkbox("Shares of what is kept", state.renormalized, (on) => view.option("renormalized", on),
          "Divide the weights so that those into one node add up to one"),
        checkbox("Shrink unreached tokens", state.compact, (on) => view.option("compact", on), "Only when the prompt is too long for the window"),
      ]),
      saveMenu(view, view.files));
  }

  show(state) {
    this.agreement.textContent = state.inOther
      ? `${state.graph.methodLabel} and ${state.graph.other.label} share ${percent(state.agreement)} of ${state.kept.length} edges`
      : "";
    this.pinButton.disabled = !state.selection || ["residual", "neuron"].includes(state.selection.kind);
    const pinned = state.pins.some((pin) => pin.name === state.selection?.name);
    this.pinButton.textContent = pinned ? "Unpin" : "Pin";
  }

  say(words) {
    this.answer.textContent = words;
  }

  focusSearch() {
    this.input.focus();
  }

  #key(event) {
    event.stopPropagation();
    if (event.key === "Escape") {
      this.input.value = "";
      this.#clear();
    }
    if (event.key !== "Enter") return;
    const result = this.view.find(this.input.value, this.number);
    if (result.count) {
      this.answer.textContent = result.count > 1 ? `${result.index + 1} of ${result.count}` : "";
      this.number += 1;
      return;
    }
    if (!result.hidden) {
      this.answer.textContent = "nothing of that name here";
      return;
    }
    const { graph } = this.view.state;
    const { threshold } = result.hidden;
    this.answer.replaceChildren(
      `comes in at ${graph.signed ? formatWeight(graph, threshold).replace("+", "") : percent(threshold)} `,
      element("button", { type: "button", class: "tool", text: "Show", onclick: () => this.view.reveal(result.hidden) }),
    );
  }

  #clear() {
    this.number = 0;
    this.answer.replaceChildren();
  }
}
