// Building pages of elements. Text is only ever set as textContent: a token is data, never markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function svgElement(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A button that opens a small menu; it closes on a click elsewhere and on Esc.
export function menu(label, items) {
  const list = element("div", { class: "menu-items", hidden: true, role: "group", "aria-label": label }, ...items);
  const button = element("button", {
    type: "button", class: "tool", "aria-haspopup": "true", "aria-expanded": "false", text: `${label} ▾`,
  });
  const box = element("div", { class: "menu" }, button, list);
  const show = (open) => {
    list.hidden = !open;
    // It hangs to the left of its button, unless that would be outside: in a narrow window the bar has two rows.
    list.classList.remove("rightwards");
    const leftOf = (element) => element.getBoundingClientRect().left;
    if (open && leftOf(list) < leftOf(box.parentElement)) list.classList.add("rightwards");
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(list.hidden));
  list.addEventListener("click", (event) => event.target.closest("button") && show(false));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) show(false);
  });
  const root = () => box.getRootNode();
  box.addEventListener("click", () => {
    if (list.hidden || box.watching) return;
    box.watching = true;
    const close = (event) => {
      if (event.composedPath().includes(box)) return;
      show(false);
      box.watching = false;
      root().removeEventListener("pointerdown", close);
    };
    root().addEventListener("pointerdown", close);
  });
  return box;
}

export function checkbox(label, checked, onChange, hint = null) {
  const input = element("input", { type: "checkbox", onchange: (event) => onChange(event.target.checked) });
  input.checked = checked;
  return element("label", { class: "menu-item", title: hint }, input, element("span", { text: label }));
}

function menuButton(label, onClick, hint = null) {
  return element("button", { type: "button", class: "menu-item", onclick: onClick, title: hint, text: label });
}

function toolButton(text, title, onClick) {
  return element("button", { type: "button", class: "tool", text, title, "aria-label": title, onclick: onClick });
}

// Of a view that can zoom, fit and save itself.
export function zoomButtons(view) {
  return [
    toolButton("−", "Zoom out (-)", () => view.zoom(0.8)),
    toolButton("+", "Zoom in (+), or Ctrl and the wheel", () => view.zoom(1.25)),
    toolButton("Fit", "Show all of it (0)", () => view.fit()),
  ];
}

// `files`: {name, label, hint} of what is not drawn here, but asked for.
export function saveMenu(view, files = []) {
  return menu("Save", [
    menuButton("PNG", () => view.save("png")), menuButton("SVG", () => view.save("svg")),
    ...files.map(({ name, label, hint }) => menuButton(label, () => view.askFor(name), hint)),
  ]);
}
