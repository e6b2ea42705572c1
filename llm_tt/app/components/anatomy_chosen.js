// Tells the picture of layers what was chosen elsewhere, so that its own bytes need not be sent again.

export default function ({ data }) {
  document._llmTtChosen = data;
  document.dispatchEvent(new CustomEvent("llm-tt-chosen", { detail: data }));
  return () => {
    document._llmTtChosen = null; // on another page something else may be chosen, and this would be old
  };
}
