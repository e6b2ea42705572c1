"""The information-flow graph: nodes, edges, what hangs on to the target, and how to thin it."""
