// Which way there is more of a picture than the window shows.

export function drawMore(painter, { layout, transform, theme }) {
  const { plot } = layout;
  const beyond = [-transform.x, transform.x + layout.width * transform.k - plot.width];
  const y = plot.top + plot.height / 2;
  const style = { color: theme.ink, width: 2, alpha: 0.5 };
  beyond.forEach((hidden, side) => {
    if (hidden < 8) return;
    const x = side ? layout.size.width - 8 : plot.left - 12;
    const tip = side ? 5 : -5;
    painter.curve([x, y - 7, x, y - 7, x + tip, y, x + tip, y], style);
    painter.curve([x, y + 7, x, y + 7, x + tip, y, x + tip, y], style);
  });
}
