// Between Streamlit and the graph. Streamlit calls this again, without cleanup, whenever data or theme change.
// What only the browser needs to know (cut, pins, view) lives behind the # of the address, so that a link keeps it.

const DELAY = 150; // of the address, in ms: a slider on its way need not be written down

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".flow");
  if (!root._view) root._view = mount(root);
  const { view } = root._view;
  root._view.setStateValue = setStateValue;
  view.load(data);
  view.refresh(); // the theme may be another one
  for (const item of newsOf(document).values()) view.news(item);
  return () => root._view.stop();
}

function mount(root) {
  const held = {};
  let timer = 0;
  held.view = new FlowView(root, {
    view: readAddress(),
    onSelect: (part) => held.setStateValue("selection", { prompt: held.view.state.graph.prompt, part, at: Date.now() }),
    onTarget: (position) => held.setStateValue("target", { prompt: held.view.state.graph.prompt, position, at: Date.now() }),
    files: FILES,
    onFile: (format, view) => {
      const at = Date.now();
      held.setStateValue("file", { prompt: held.view.state.graph.prompt, request: { format, view, at }, at });
    },
    onView: () => {
      clearTimeout(timer);
      timer = setTimeout(() => writeAddress(held.view.view), DELAY);
    },
  });
  const hear = (event) => held.view.news(event.detail);
  document.addEventListener("llm-tt-news", hear);
  const hearOfFile = () => held.view.toolbar.say("");
  document.addEventListener("llm-tt-file", hearOfFile);
  const follow = () => held.view.restore(readAddress()); // a link to another cut of the same view was opened
  window.addEventListener("hashchange", follow);
  // Streamlit rewrites the address when it notes something there, and what stands behind the # is lost.
  const guard = setInterval(() => writeAddress(held.view.view), 1000);
  held.stop = () => {
    document.removeEventListener("llm-tt-news", hear);
    document.removeEventListener("llm-tt-file", hearOfFile);
    window.removeEventListener("hashchange", follow);
    clearInterval(guard);
    held.view.observer.disconnect();
  };
  return held;
}

function newsOf(page) {
  return (page._llmTtNews ??= new Map());
}
