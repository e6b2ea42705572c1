"""How much every edge of the information-flow graph contributed, from one pass and at most its gradient.

`method_list` names the methods, `methods` is the door; all give one schema (`contributions`). `ifr` goes by
proximity (`compiled` is its kernel); the signed methods by one backward pass (`gradients`, with
`relevance_rules` for RelP) and products of matrices (`signed`). `run_record` notes what a run said, so that
a graph can be told without model and trace.

- Flow routes have no floor. A part that leads away from its sum has share 0, and the future has no edges;
  where all parts lead away, they share equally.
- A gradient at a state is read at what is added to it. In every family that has the same gradient, also
  where hooks on the state itself see a copy.
- The kernel's threads are Python's. Compiled code runs without the lock, so several sessions may call it at
  once; numba's own pools may not. Layers go in groups, because torch's threads keep a core busy after each
  work.
- A cut message weighs nothing. What an edit puts in its place belongs to no part, and counts as bias.
"""
