// Where a picture stands alone, in a file or in a notebook: bytes out of text, and the theme of what is around it.

import { element } from "./elements.js";

const DARKER_THAN = 0.4; // luminance

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// A page of its own: its theme is the system's.
export function onPage(show) {
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const mark = () => markAs(root, wanted.matches);
  mark();
  const view = show(document.querySelector(".picture"), document.querySelector(".panel"));
  wanted.addEventListener("change", () => {
    mark();
    view.refresh();
  });
  return view;
}

// Among the outputs of a notebook: a root of its own, so that no style reaches in or out, and the notebook's theme.
export function inNotebook(host, style, show) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const picture = element("div", { class: "picture" });
  const panel = element("aside", { class: "panel", "aria-live": "polite" });
  shadow.replaceChildren(element("style", { text: style }), element("main", {}, picture, panel));
  const mark = () => markAs(host, isDarkAround(host));
  mark();
  const view = show(picture, panel);
  const watch = new MutationObserver(() => {
    if (!host.isConnected) return watch.disconnect();
    const before = host.dataset.theme;
    mark();
    if (host.dataset.theme !== before) view.refresh();
    return undefined;
  });
  for (const changing of [document.documentElement, document.body]) watch.observe(changing, { attributes: true });
  return view;
}

function markAs(element, isDark) {
  element.dataset.theme = isDark ? "dark" : "light";
}

// What shines through from behind; where nothing has a colour, what the system wants.
function isDarkAround(host) {
  for (let at = host.parentElement; at; at = at.parentElement) {
    const [r, g, b, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > 0.5) return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255 < DARKER_THAN;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
