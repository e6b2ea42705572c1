// Search, zoom and export, above the picture.

import { element, saveMenu, zoomButtons } from "../canvas/elements.js";

export class Toolbar {
  constructor(view) {
    this.view = view;
    this.number = 0;
    this.input = element("input", {
      type: "search", class: "search", placeholder: "Find ·Mary, L2H1, N33", "aria-label": "Find in the picture",
      onkeydown: (event) => this.#key(event), oninput: () => this.#clear(),
    });
    this.answer = element("span", { class: "answer", "aria-live": "polite" });
    this.box = element("div", { class: "toolbar" },
      this.input, this.answer, element("span", { class: "space" }), ...zoomButtons(view), saveMenu(view));
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
    if (event.key !== "Enter" || !this.input.value.trim()) return;
    const { count, index } = this.view.find(this.input.value, this.number);
    if (count === 0) {
      this.answer.textContent = "nothing of that name here";
      return;
    }
    this.answer.textContent = count > 1 ? `${index + 1} of ${count}` : "";
    this.number += 1;
  }

  #clear() {
    this.number = 0;
    this.answer.textContent = "";
  }
}
