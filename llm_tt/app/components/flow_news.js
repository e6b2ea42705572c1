// Carries to the graph what is known only later, so that the graph's own bytes need not be sent again. While
// something is still being computed it asks for it, from the browser: the server need not wait.

const PAUSE = 300; // ms

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".news");
  clearInterval(place._timer);
  const known = (document._llmTtNews ??= new Map());
  known.clear();
  known.set(data.prompt, data);
  document.dispatchEvent(new CustomEvent("llm-tt-news", { detail: data }));
  // Again and again: this is not called anew when the answer is still the same.
  if (data.pending) place._timer = setInterval(() => setTriggerValue("ask", Date.now()), PAUSE);
  return () => clearInterval(place._timer);
}
