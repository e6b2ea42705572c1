// From a width to a layout: how the tokens lie there, how much room they take, and what is left for the graph.

import { axisHeightOf, tokensSlant } from "./axes.js";
import { computeLayout } from "./layout.js";

// {layout, slanted}; `heightFor` says how high all of it may be, given the height of the tokens.
export function fittedTo(state, { width, heightFor, dense = false }) {
  const { graph, reached, compact, theme } = state;
  const columns = { reached, compact, dense };
  const flat = computeLayout(graph, { width, height: heightFor(0) }, { ...columns, axisHeight: 0 });
  const slanted = tokensSlant(graph, flat.columnWidth, theme);
  const axisHeight = axisHeightOf(graph, slanted, theme, dense ? Infinity : undefined);
  const layout = computeLayout(graph, { width, height: heightFor(axisHeight) }, { ...columns, axisHeight });
  return { layout, slanted };
}
