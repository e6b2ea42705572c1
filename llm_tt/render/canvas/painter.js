// One drawing, two papers: a canvas for the screen, and SVG text for files. What is drawn knows neither.

export class CanvasPainter {
  constructor(context, width, height, ratio) {
    this.context = context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineCap = "round";
  }

  inside({ left, top, width, height }, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    draw();
    context.restore();
  }

  curve(c, { color, width, alpha = 1, dash = null }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.lineWidth = width;
    if (dash) context.setLineDash(dash);
    context.beginPath();
    context.moveTo(c[0], c[1]);
    context.bezierCurveTo(c[2], c[3], c[4], c[5], c[6], c[7]);
    context.stroke();
    if (dash) context.setLineDash([]);
    context.globalAlpha = 1;
  }

  rect(x, y, width, height, { fill = null, stroke = null, alpha = 1, radius = 0, lineWidth = 1, dash = null }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    if (dash) context.setLineDash(dash);
    this.#finish(fill, stroke, lineWidth);
    if (dash) context.setLineDash([]);
  }

  circle(x, y, radius, { fill = null, stroke = null, alpha = 1, lineWidth = 1 }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#finish(fill, stroke, lineWidth);
  }

  text(content, x, y, { color, size, font, anchor = "start", weight = 400, angle = 0, alpha = 1 }) {
    const { context } = this;
    context.save();
    context.globalAlpha = alpha;
    context.translate(x, y);
    if (angle) context.rotate((angle * Math.PI) / 180);
    context.font = `${weight} ${size}px ${font}`;
    context.fillStyle = color;
    context.textAlign = { start: "left", middle: "center", end: "right" }[anchor];
    context.textBaseline = "middle";
    context.fillText(content, 0, 0);
    context.restore();
  }

  #finish(fill, stroke, lineWidth) {
    const { context } = this;
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke) {
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth;
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

export class SvgPainter {
  #pieces = [];
  #clips = 0;
  #key;

  // `key` tells apart the names inside of several pictures that stand on one page.
  constructor(key = "") {
    this.#key = key;
  }

  inside({ left, top, width, height }, draw) {
    const id = `clip${this.#key}${this.#clips++}`;
    this.#pieces.push(
      `<clipPath id="${id}"><rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}"/></clipPath>`,
      `<g clip-path="url(#${id})">`,
    );
    draw();
    this.#pieces.push("</g>");
  }

  curve(c, { color, width, alpha = 1, dash = null }) {
    const [x0, y0, ...rest] = Array.from(c, round);
    this.#pieces.push(
      `<path d="M${x0} ${y0}C${rest.join(" ")}" fill="none" stroke="${color}" stroke-width="${round(width)}"`
      + ` stroke-linecap="round" stroke-opacity="${round(alpha)}"${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""}/>`,
    );
  }

  rect(x, y, width, height, { fill = null, stroke = null, alpha = 1, radius = 0, lineWidth = 1, dash = null }) {
    this.#pieces.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}"`
      + paint(fill, stroke, lineWidth, alpha, dash),
    );
  }

  circle(x, y, radius, { fill = null, stroke = null, alpha = 1, lineWidth = 1 }) {
    this.#pieces.push(
      `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"${paint(fill, stroke, lineWidth, alpha)}`,
    );
  }

  text(content, x, y, { color, size, anchor = "start", weight = 400, angle = 0, alpha = 1 }) {
    const turn = angle ? ` transform="rotate(${angle} ${round(x)} ${round(y)})"` : "";
    this.#pieces.push(
      `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" font-weight="${weight}" text-anchor="${anchor}"`
      + ` dominant-baseline="central" fill="${color}" fill-opacity="${round(alpha)}"${turn}>${escapeText(content)}</text>`,
    );
  }

  // `face` is a @font-face rule that brings the font along; `shown` is how large the file shows what was drawn.
  document(width, height, { background, font, face, shown = { width, height } }) {
    const family = font.replaceAll('"', "'");
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(shown.width)}" height="${round(shown.height)}" viewBox="0 0 ${round(width)} ${round(height)}"`
      + ` font-family="${family}" xml:space="preserve"><style>${face}</style>`
      + `<rect width="100%" height="100%" fill="${background}"/>${this.#pieces.join("\n")}</svg>\n`;
  }
}

// Each paint has its own opacity, as on a canvas: one of the whole element would be drawn on a layer of its own, which
// takes many times as long.
function paint(fill, stroke, lineWidth, alpha, dash = null) {
  const surface = fill ? ` fill="${fill}" fill-opacity="${round(alpha)}"` : ' fill="none"';
  const dashes = dash ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  const line = stroke ? ` stroke="${stroke}" stroke-width="${round(lineWidth)}" stroke-opacity="${round(alpha)}"${dashes}` : "";
  return `${surface}${line}/>`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}

// Without characters that no XML may hold; half of a pair is one of them.
function escapeText(text) {
  const legal = text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd");
  return legal.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}
