// The picture in a file or a notebook, with a panel instead of a dashboard.

import { bytesOf, inNotebook, onPage } from "../canvas/surroundings.js";
import { AnatomyView } from "./anatomy_view.js";
import { fillPanel } from "./panel.js";

export function openPage(base64) {
  return onPage((root, panel) => open(root, panel, base64));
}

export function openInNotebook(host, style, base64) {
  return inNotebook(host, style, (root, panel) => open(root, panel, base64));
}

function open(root, panel, base64) {
  root.classList.add("anatomy");
  const fill = () => fillPanel(panel, view.state.graph, view.state.selection);
  const view = new AnatomyView(root, { onSelect: fill });
  root._view = { view };
  view.load(bytesOf(base64));
  fill();
  return view;
}
