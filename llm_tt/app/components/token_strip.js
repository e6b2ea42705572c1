// A row of chips. Text is only ever set as textContent: a token is data, never markup.
// Streamlit calls this again, without cleanup, whenever data or theme change.

export default function ({ data, parentElement, setStateValue }) {
  const strip = parentElement.querySelector(".strip");
  const memory = strip._memory ?? (strip._memory = { run: null, position: 0 });
  const last = data.tokens.length - 1;
  if (memory.run !== data.run) Object.assign(memory, { run: data.run, position: last });

  const mark = () => {
    [...strip.children].forEach((chip, position) => {
      const chosen = position === memory.position;
      chip.setAttribute("aria-selected", String(chosen));
      chip.tabIndex = chosen ? 0 : -1; // one tab stop, arrows move inside
    });
  };
  const choose = (position) => {
    if (position < 0 || position > last) return;
    memory.position = position;
    mark();
    strip.children[position].focus();
    setStateValue("selection", { run: data.run, position });
  };

  strip.replaceChildren(...data.tokens.map((token, position) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = token.special ? "chip special" : "chip";
    chip.setAttribute("role", "option");
    chip.textContent = token.text;
    const origin = token.added ? ", added by the tokenizer" : token.special ? ", special token" : "";
    chip.title = `${token.text} (position ${position}, id ${token.id}${origin})`;
    chip.onclick = () => choose(position);
    return chip;
  }));
  strip.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(Math.min(last, Math.max(0, memory.position + step)));
  };
  mark();
}
