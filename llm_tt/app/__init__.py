"""The dashboard: the only place that knows Streamlit.

`frame` is what pages begin with: prompt, model, basket. `pages/` has one function a page, which asks, draws
and inspects; `inspector/` has the cards; everything kept is in `cached`, `navigation` leads from page to
page.

A click: `canvas/stage.js` finds what lies under the pointer, `flow_view.js` selects it and draws at once.
The name of the part goes to the server (`components/flow.js`), a fragment runs and shows its card; the
graph's bytes are the same and are not sent again. Slider, another target of flow routes, search, pins, zoom
and export ask no server. What takes longer is computed in `background` and brought by a courier
(`components/flow_news.js`), so that the graph need not wait. Files are asked for from the graph's menu
(`flow_files`): the browser alone knows where the slider stands.

- Two halves of a link: what the server must know stands in the query, what only the browser knows (cut,
  pins) behind the `#`, because a slider must not send messages.
- Long work runs in the page, not in a fragment: Streamlit lets nothing interrupt a fragment. Each report of
  progress is a place where a run may be stopped. Background work gives the model free as soon as somebody
  waits.
- What a hand changes and the page, too (prompts, tokens, the method), is kept apart from the widget that
  shows it (`bound_widget`): the browser repeats with each message what all widgets hold, and may not have
  heard of the page's change. Messages are heard whole and in order (`nothing_lost`), and a click on another
  page waits until what was typed is sent (`components/leaving.js`).
- The basket is a value. Pages make a `Run` of model, text and edits, and every cache is keyed by it, so an
  edited pass is a pass like any other. The rows' widgets show what the list has; the list alone
  counts.
- Garbage is frozen once after the imports: Streamlit collects after each run, and half a million objects of
  torch would cost more than filling a card.
"""
