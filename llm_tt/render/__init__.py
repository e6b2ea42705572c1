"""What is shown, as plain data: no Streamlit here.

`flow_payload` packs a graph's columns into bytes and `flow_view/` draws them; `anatomy_payload` and
`anatomy_view/` do so for layers, `difference_payload` for two runs as one with two weights an edge. What
the pictures share is in `canvas/`: the stage, which knows not what it shows, the papers, the camera, the
theme. `graph_formats` is the list of all formats of files, the same for `save_graph`, the command line and
the page. `standalone_html` puts a picture and a panel into one page or one output of a notebook.

- JavaScript is folded by Python (`browser_module`): modules with imports for reading and testing, one text
  for a component or a file; no build step.
- The browser computes survival again, in single precision as the library does, in a few milliseconds. So
  every place of the slider and, for flow routes, every target is there without a message. Tests hold it
  against Python.
- One picture, two papers: what is drawn knows neither canvas nor SVG (`canvas/painter.js`), so a saved file
  looks like the screen. Without a browser (`pictures`) an embedded engine runs the same modules; letters
  are measured by a table of advances.
- Beyond a budget (`flow_budget`), edges are left out by their survival: what is left is exact above that
  floor, and the page says what is missing.
- Two graphs side by side are one component (`flow_view/linked_views.js`): they tell each other what is
  pointed at, without the server, without events that a graph on another page could hear, and without a
  loop.
- EAP's q, k and v: a head of ours reads keys and values at one position, queries at another. So that
  circuit scores v and k by what was written at the key, q by what was written at the query.
"""
