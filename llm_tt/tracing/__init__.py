"""One forward pass, kept as one frozen trace.

`forward` checks prompt and memory, allocates the trace, and runs the model once with hooks that copy each
tensor into its place; `trace` says what holds between the parts; `parts` names every part, on pages and in
links, and `component_names` reads names as people write them (its twin in the browser is
`render/canvas/component_names.js`).

- There is no batch axis. Half precisions are upcast on the way, layers on several devices meet on one, and
  nothing is held twice. The attention patterns alone stay as the run made them, one tensor a layer: they
  are half of a long trace, and copying them took more time than all the rest.
- What is added to the stream is read at `hook_attn_out` / `hook_mlp_out`, never at `attn.hook_out`: in
  BLOOM, MPT, Granite and the post-norm families that is something else.
- Patterns are what the softmax gave. What an edit let through of a message stands beside them (`changes`),
  so attention that was paid and what came of it stay apart.
- The floor is not called `capture`: that package would replace the function `llm_tt.capture` once imported.
- Prompts run together by length, without padding, which would need a mask in every family.
"""
