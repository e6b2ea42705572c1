// The card beside the pointer: lines of text, each of its own kind.

import { element } from "./elements.js";

export class HoverCard {
  constructor() {
    this.box = element("div", { class: "card", hidden: true });
  }

  hide() {
    this.box.hidden = true;
  }

  // At a point of a stage of that size.
  show(lines, size, x, y) {
    this.box.replaceChildren(...lines.map(([kind, text]) => element("div", { class: kind, text })));
    this.box.hidden = false;
    const { width, height } = this.box.getBoundingClientRect();
    // Up and to the left: routes come from below.
    const left = x - width - 14 >= 0 ? x - width - 14 : Math.min(size.width - width, x + 16);
    const top = y - height - 10 >= 0 ? y - height - 10 : Math.min(size.height - height, y + 16);
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
