"""Two explained runs beside each other: which positions belong together, and what became of each edge.

`explained_run` is one side. `alignment` decides which positions share a column (`token_steps` finds the
fewest changes; a person's pairs hold, what lies between them follows). `paired_graphs` lays both graphs
over the columns, edge for edge: nodes are renumbered and nothing is recomputed. `difference` says what
became of each edge at one threshold; `components`, `numbers` and `promoted` tell the rest; `compared` is
the door.

- A difference has columns, not positions (`L2H1@14`); each side's own positions stand in its card and in
  files. Columns keep the order of both prompts, so keys stay before queries.
- Equally long prompts are aligned by position, whatever they say: that is what templates are made for. Of a
  name of several tokens the last one stands beside a name of one, because only there has all of it been
  read.
- Predictions that are compared share a column. Of one prompt the same target is followed on both sides, of
  two prompts each side's own, until a person says otherwise.
- A difference has one cut: both runs are cut at the same threshold. Weights are subtracted only in one
  unit; shares and logits, or two methods, are compared at equally many edges.
- What changed most is counted over edges that either run keeps, with their true weights: an edge that just
  misses the threshold in one run has not vanished.
"""
