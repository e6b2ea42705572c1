// Carries to the graph what is known only later, so that the graph's own bytes need not be sent again. While
// something is still being computed it asks for it, from the browser: the server need not wait.

const PAUSE = 300; // ms
const COURTESY = 1000; // ms after a click or a key: as long as Streamlit may take to say that it runs
const whenIdle = window.requestIdleCallback ?? setTimeout; // Safari has no idle callbacks

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".news");
  clearInterval(place._timer);
  const known = (document._llmTtNews ??= new Map());
  known.clear();
  known.set(data.prompt, data);
  document.dispatchEvent(new CustomEvent("llm-tt-news", { detail: data }));
  // Again and again: this is not called anew when the answer is still the same.
  if (data.pending) place._timer = setInterval(() => whenIdle(ask), PAUSE);

  // What happens at once Streamlit sends together, and if our question was first, it sends all of it as a question
  // of our fragment: then the server has to find out and begin again. So we ask when nobody does anything, and never
  // while the page is being made: then Stop is there, and another picture may be on its way. Nor right after a click:
  // where it opens another page, our question would be about a fragment that is no more, and the page stays empty.
  function ask() {
    const { testScriptState: state } = document.querySelector("[data-testid=stApp]")?.dataset ?? {};
    const isQuiet = performance.now() - lastAct() > COURTESY;
    if (place.isConnected && isQuiet && state !== "running") setTriggerValue("ask", Date.now());
  }
  return () => clearInterval(place._timer);
}

// When somebody last clicked or typed; heard before anything else hears it, once for all couriers.
function lastAct() {
  return document._llmTtLastAct ?? -Infinity;
}

if (document._llmTtLastAct === undefined) {
  document._llmTtLastAct = -Infinity;
  for (const act of ["pointerdown", "click", "keydown"]) {
    document.addEventListener(act, () => (document._llmTtLastAct = performance.now()), { capture: true });
  }
}
