"""Interventions: parts of a forward pass switched off, scaled, set or steered, and what follows from it.

`edits` has the four kinds as plain values, `basket` a person's collection; both go into files and links,
and come back checked (`edit_json`, `edit_links`; `short_edits` reads them as they are typed). `edit_plan`
checks edits against a model and sorts them by layer, with every vector that they need. `blending` makes
several edits of one thing one; `attention_edits` and `mlp_edits` apply that to tensors; `edit_hooks` turns
a plan into the hooks of one run. `run` runs and captures; `measuring` needs one run and no trace;
`generation` writes on.

- Messages are never cut through `hook_pattern`: GPT-Neo, GPT-J and OPT discard such edits. `HEAD_MIX`
  (`hook_z`) works everywhere; there the pattern of an edited message comes from a run before
  (`late_patterns`), and its gradient from the derivative of the mix.
- Edits of one thing follow each other in their order; steering stands beside them, so that no MLP edit
  undoes it.
- Noise belongs to tokens: draws depend on seed, step and token, so two texts part only where predictions
  do.
"""
