// The stage: canvas, overlay and card, and what the pointer does on them. What is drawn there, what lies under the
// pointer and what is said of it, the picture brings along.

import { element, svgElement } from "./elements.js";
import { CanvasPainter } from "./painter.js";
import { HoverCard } from "./card.js";
import { bounded, zoomed } from "./camera.js";

const MOVED = 4; // pixels that make a drag of a click

export class Stage {
  // picture: {name, draw(painter, state), pick(state, x, y), marks(state, found), lines(state, found)}
  constructor(picture, { onPick, onDouble, onView }) {
    this.picture = picture;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.overlay = svgElement("svg", { class: "overlay", "aria-hidden": "true" });
    this.card = new HoverCard();
    this.box = element("div", {
      class: "stage", tabindex: "0", role: "application", "aria-roledescription": picture.name,
    }, this.canvas, this.overlay, this.card.box);
    this.state = null;
    this.drag = null;
    this.onView = onView;
    this.box.addEventListener("pointerdown", (event) => this.#down(event));
    this.box.addEventListener("pointermove", (event) => this.#move(event));
    this.box.addEventListener("pointerup", (event) => this.#up(event, onPick));
    this.box.addEventListener("pointerleave", () => this.hover(null));
    this.box.addEventListener("dblclick", (event) => {
      if (!picture.pick(this.state, ...this.#at(event))) onDouble();
    });
    this.box.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  draw(state) {
    this.state = state;
    const { width, height } = state.layout.size;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const painter = new CanvasPainter(this.canvas.getContext("2d"), width, height, ratio);
    this.picture.draw(painter, state);
    this.overlay.replaceChildren();
  }

  // What the pointer or the cursor is on; `onHover` may be set by whoever shows the same elsewhere.
  hover(found, place = null) {
    this.point(found, place);
    this.onHover?.(found);
  }

  // Light it up; only the thin layer above the picture is touched.
  point(found, place = null) {
    this.found = found;
    this.overlay.replaceChildren();
    this.box.style.cursor = found ? "pointer" : "";
    if (!found) {
      this.card.hide();
      return;
    }
    this.overlay.append(...this.picture.marks(this.state, found));
    const [x, y] = place ?? [0, 0];
    this.card.show(this.picture.lines(this.state, found), this.state.layout.size, x, y);
  }

  #at(event) {
    const { left, top } = this.box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #down(event) {
    if (event.button !== 0 || !this.state) return;
    this.drag = { start: this.#at(event), transform: { ...this.state.transform }, moved: false };
    this.box.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (!this.state) return;
    const [x, y] = this.#at(event);
    if (!this.drag) {
      this.hover(this.picture.pick(this.state, x, y), [x, y]);
      return;
    }
    const dx = x - this.drag.start[0];
    const dy = y - this.drag.start[1];
    if (!this.drag.moved && Math.hypot(dx, dy) < MOVED) return;
    this.drag.moved = true;
    const from = this.drag.transform;
    this.onView(bounded({ k: from.k, x: from.x + dx, y: from.y + dy }, this.state.layout));
  }

  #up(event, onPick) {
    const drag = this.drag;
    this.drag = null;
    if (!drag || drag.moved || !this.state) return;
    const found = this.picture.pick(this.state, ...this.#at(event));
    this.hover(null); // what it said may not be true any more
    onPick(found, event);
  }

  // Ctrl and the wheel zoom, as a pinch does; otherwise the wheel belongs to the page, unless it runs sideways.
  #wheel(event) {
    if (!this.state) return;
    const { layout, transform } = this.state;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.onView(zoomed(transform, Math.exp(-event.deltaY * 0.004), this.#at(event), layout));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      const by = event.deltaX || event.deltaY;
      this.onView(bounded({ ...transform, x: transform.x - by }, layout));
    }
  }
}
