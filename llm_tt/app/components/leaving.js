// What is typed is sent before the page is left. The box tells it a moment after it was left, and a click on another
// page would overtake that: it would be the older page that gets the last word. So such a click waits for the box.

(() => {
  const justNow = 300;
  const untilSent = 60;
  if (document._llmTtLeaving) return; // every run of the page brings this script again
  document._llmTtLeaving = true;
  let left = -Infinity;
  const noteLeft = ({ target, timeStamp }) => {
    if (target.matches?.("textarea, input")) left = timeStamp;
  };
  const wait = (event) => {
    const link = event.target.closest?.("a[data-testid$=NavLink]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !isPlain || !event.isTrusted || event.timeStamp - left > justNow) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    requestAnimationFrame(() => setTimeout(() => link.click(), untilSent));
  };
  window.addEventListener("focusout", noteLeft, { capture: true });
  window.addEventListener("click", wait, { capture: true });
})();
