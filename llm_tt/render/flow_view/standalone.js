// The graph in a file or a notebook, with a panel instead of a dashboard.

import { bytesOf, inNotebook, onPage } from "../canvas/surroundings.js";
import { FlowView } from "./flow_view.js";
import { fillPanel } from "./panel.js";

export function openPage(base64, news, view) {
  return onPage((root, panel) => open(root, panel, base64, news, view));
}

export function openInNotebook(host, style, base64, news, view) {
  return inNotebook(host, style, (root, panel) => open(root, panel, base64, news, view));
}

// `news` is what a dashboard would bring later: how nodes read, and what was measured. `chosen`: cut, pins, selection.
function open(root, panel, base64, news, chosen) {
  root.classList.add("flow");
  const fill = () => fillPanel(panel, view);
  const view = new FlowView(root, { onSelect: fill, onTarget: fill, onView: fill, isAlone: true, view: chosen ?? {} });
  root._view = { view };
  view.load(bytesOf(base64));
  const { run, prompt, targetPosition } = view.state.graph;
  if (news) view.news({ ...news, run, prompt, target: targetPosition });
  fill();
  return view;
}
