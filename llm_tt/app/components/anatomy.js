// Between Streamlit and the picture of layers. Streamlit calls this again, without cleanup, whenever data or theme
// change.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".anatomy");
  if (!root._view) root._view = mount(root);
  const { view } = root._view;
  root._view.setStateValue = setStateValue;
  view.load(data);
  view.refresh(); // the theme may be another one
  root._view.follow(document._llmTtChosen);
  return () => root._view.stop();
}

function mount(root) {
  const held = { followed: null };
  held.view = new AnatomyView(root, {
    onSelect: (part) => held.setStateValue("selection", { prompt: held.view.state.graph.prompt, part, at: Date.now() }),
  });
  // Only what was chosen elsewhere since: what comes late must not undo a newer click.
  held.follow = (news) => {
    if (!news || news.times === held.followed || news.prompt !== held.view.state.graph?.prompt) return;
    held.followed = news.times;
    held.view.follow(news.chosen);
  };
  const hear = (event) => held.follow(event.detail);
  document.addEventListener("llm-tt-chosen", hear);
  held.stop = () => {
    document.removeEventListener("llm-tt-chosen", hear);
    held.view.observer.disconnect();
  };
  return held;
}
