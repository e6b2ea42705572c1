"""What a model's weights say about concepts: neurons found by words, heads read as tokens, notes.

`index_building` looks for an index of the model's fingerprint, or builds what is missing, block by block,
under a lock: what is finished stays when it is stopped. `block_reading` gives a block's directions,
`selection` their strongest tokens; `index_files` keeps lists in one SQLite file (`database`) and directions
beside it; `postings` sorts all lists by token, once. `query` reads what was typed, `vocabulary` finds its
tokens, `search` ranks the lists that hold them, `hints` says why nothing was found; `neuron_index` is the
open index, `clusters` groups directions. `notebook` keeps a person's names among their data (`folders`),
the index lies among what may be computed again.

- An index is trusted or it is not. Every row has a checksum with its place and its model in it, and opening
  (`index_opening`) goes through all of them; one that fails puts the files aside and builds anew. Texts of
  tokens come from the model. An open index holds on to what was verified, whatever becomes of the files.
- Candidates are chosen in bfloat16, scored in single precision. The error of the choice is bounded, token
  by token, so the lists are those of scoring everything. The search for pairs goes through half precision
  in the same way.
- Strengths are for directions of length one, norms beside them: else the longest would always come first.
- Short products run on single cores (`single_threads`): torch shares each out to all cores and waits for
  the slowest, which took ten times as long on a busy machine. Readings may wait for a model and products
  wait for nothing, so they have threads of their own.
"""
