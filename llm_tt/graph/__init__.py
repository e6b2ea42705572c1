"""The information-flow graph: nodes, edges, what hangs on to the target, and how to thin it.

`building` lays contributions out as columns, one entry an edge; `widest_path` finds each edge's survival in
two sweeps, so every cut (`cuts`) is a comparison. `graph_header` with `graph_json` or `graphml` write all
of a graph; `graph_files` reads it back through `reading`, `edge_order` and `assembling`, which trust
nothing: types, sizes, places, order; XML with entities of its own is refused. `components_graph` makes
components the nodes, for tools that have it so.

- Survival looks both ways: the largest threshold at which an edge lies on a path from an input token to the
  target. What hangs on the target but begins nowhere is not drawn. Edges with equal survival stay or go
  together, else a path would be cut through, so a density may keep more edges than it names.
"""
