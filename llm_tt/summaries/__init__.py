"""What the rows of many prompts say together: what matters, which heads have a role, and how sure that is.

`run_files` looks at the files before a number is read: whole, of one job, of our columns. `runs` opens them
with DuckDB. `component_values` lays rows out as matrices, prompts by components; `resampling` draws prompts
again, as one product of matrices; `summary`, `group_difference`, `stability` and `method_agreement` are
what comes of it. `head_attention` has what heads attend to with chance beside it, `roles` the names and
their thresholds, `edge_kinds` the kinds of messages, `prompts_behind` the prompts behind a number; `report`
is all of it.

- Rows stay in their files. DuckDB may read these and nothing else: values go beside a question, never into
  it; configuration is locked, extensions are off, nothing is spilled to disk.
- A damaged part is an error, never another number: parts are read to their ends when they are opened, with
  checksums, for DuckDB would take what decompresses.
- Halves, not draws, for stability: draws of the same prompts share most of them, and agree even on noise.
  Shares of prompts have Wilson's interval; drawing again would call five of five certain.
- What a prompt does not list is 0. Of neurons only the strongest are listed, so their means are lower
  bounds.
- A pattern names a head once: after a comma the previous token is often also the one after an earlier
  comma; the larger attention counts. Resting on the first token names only who has no other name, for an
  induction head with nothing to copy rests there as well. Roles take what half of the prompts have.
"""
