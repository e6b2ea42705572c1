"""Models: the only floor that knows TransformerLens and Transformers.

`source` finds out what a name means: built in, a folder, a hub name (`hub`: cache first, then one quick
look whether the hub answers, then one download). An adapter's folder leads on to its base model.
`folder_checks` and `weight_files` refuse what cannot be opened truthfully before a weight is read;
`opening` reads weights, tokenizer and adapter; `wrapping` takes the plain model's predictions for a probe
text and has hook points put in, in place. `bridge_model` is the adapter: the rest of the house sees only
`LanguageModel`. `output_weights` folds post-norm weights and residual multipliers into the output matrices,
so that no floor above knows families; `hook_names` has the only hook strings. `self_test` compares every
whole with the sum of its parts.

- The bridge keeps raw weights, never its compatibility mode: folding layer norms moves the residual stream,
  and a trace shows the model as it is.
- The bridge gets no tokenizer. It would add tokens to ours or look it up on the hub; we own tokenization.
- A failing must-have raises instead of opening a model that no page could show truthfully; the error
  carries the whole check-up. Anything else that fails is a capability switched off.
- Scores are caused, not looked up: where attention scores show differs from family to family. So the check
  of queries and keys silences all keys but one; what attention then prefers is the score at distance 0.
"""

import os

# Read by the hub's client when it is first imported, which can only happen below this package.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
