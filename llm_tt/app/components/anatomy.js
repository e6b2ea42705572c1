// Between Streamlit and the picture of layers. Streamlit calls this again, without cleanup, whenever data or theme
// change.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".anatomy");
  if (!root._view) root._view = mount(root);
  const { view } = root._view;
  root._view.setStateValue = setStateValue;
  view.load(data);
  view.refresh(); // the theme may be another one
  if (document._llmTtChosen) view.follow(document._llmTtChosen);
  return () => root._view.stop();
}

function mount(root) {
  const held = {};
  held.view = new AnatomyView(root, {
    onSelect: (part) => held.setStateValue("selection", { prompt: held.view.state.graph.prompt, part, at: Date.now() }),
  });
  const hear = (event) => held.view.follow(event.detail);
  document.addEventListener("llm-tt-chosen", hear);
  held.stop = () => {
    document.removeEventListener("llm-tt-chosen", hear);
    held.view.observer.disconnect();
  };
  return held;
}
