// A file that was made on request: handed to the browser once, whenever the page is drawn again.

export default function ({ data }) {
  const seen = (document._llmTtFiles ??= new Set());
  if (seen.has(data.id)) return;
  seen.add(data.id);
  document.dispatchEvent(new CustomEvent("llm-tt-file"));
  if (data.content === null) return; // the page says why there is none
  const content = Uint8Array.from(atob(data.content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: data.mime }));
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
