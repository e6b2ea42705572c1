"""Reading states as tokens.

- Entropies are for vectors of one length: each is drawn out to the length of the last state first, else
  short ones would all be undecided.
"""
