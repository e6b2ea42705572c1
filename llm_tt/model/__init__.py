"""Models: the only floor that knows TransformerLens and Transformers."""

import os

# Read by the hub's client when it is first imported, which can only happen below this package.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
