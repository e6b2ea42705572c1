"""How much every edge of the information-flow graph contributed, from one pass and at most its gradient."""
