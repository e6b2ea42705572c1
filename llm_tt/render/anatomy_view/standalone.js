// The picture in a file of its own, with a panel instead of a dashboard.

import { AnatomyView } from "./anatomy_view.js";
import { fillPanel } from "./panel.js";

export function openPage(root, panel, base64) {
  const view = new AnatomyView(root, { onSelect: () => show() });
  const show = () => fillPanel(panel, view.state.graph, view.state.selection);
  view.load(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  show();
  // Colours are those of the page, and the page's are the system's.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => view.refresh());
  return view;
}
