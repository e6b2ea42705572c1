// Between Streamlit and two graphs side by side; as flow.js for one.

const DELAY = 150; // of the address, in ms

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".linked");
  root._held ??= mount(root);
  root._held.setStateValue = setStateValue;
  const { views } = root._held;
  views.load(data);
  views.refresh(); // the theme may be another one
  for (const item of (document._llmTtNews ?? new Map()).values()) views.news(item);
  return () => root._held.stop();
}

function mount(root) {
  const held = {};
  let timer = 0;
  const tell = (field, content) => held.setStateValue(field, { prompt: held.views.name, ...content, at: Date.now() });
  held.views = new LinkedViews(root, {
    view: readAddress(),
    onSelect: (part) => tell("selection", { part }),
    onTarget: (position) => tell("target", { position }),
    onView: () => {
      clearTimeout(timer);
      timer = setTimeout(() => writeAddress(held.views.view), DELAY);
    },
  });
  const hear = (event) => held.views.news(event.detail);
  document.addEventListener("llm-tt-news", hear);
  const follow = () => held.views.restore(readAddress());
  window.addEventListener("hashchange", follow);
  const guard = setInterval(() => writeAddress(held.views.view), 1000); // Streamlit rewrites the address
  held.stop = () => {
    document.removeEventListener("llm-tt-news", hear);
    window.removeEventListener("hashchange", follow);
    clearInterval(guard);
    held.views.stop();
  };
  return held;
}
