"""The files that together are a model on disk."""

import json
from pathlib import Path
from typing import Final

CONFIG: Final = "config.json"
WEIGHTS: Final = "model.safetensors"
TRAINING: Final = "training.json"
"""What a training run of ours says about itself, the checksum of its weights among it."""
WEIGHTS_INDEX: Final = "model.safetensors.index.json"
"""Names the parts of weights that are split over several files."""
PICKLED_SUFFIXES: Final = (".bin", ".pt", ".pth", ".ckpt", ".msgpack", ".h5")
READ_SUFFIXES: Final = (".json", ".safetensors", ".model", ".txt", ".jinja", ".tiktoken")
"""Of files that Transformers may read."""
TOKENIZER_FILES: Final = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "tekken.json",
)
"""At least one of these holds a tokenizer's vocabulary."""
ADAPTER_CONFIG: Final = "adapter_config.json"
ADAPTER_WEIGHTS: Final = "adapter_model.safetensors"


def has_tokenizer(folder: Path) -> bool:
    """Whether a folder holds a tokenizer's vocabulary."""
    return any((folder / name).exists() for name in TOKENIZER_FILES)


def is_complete(folder: Path) -> bool:
    """Whether a download into this folder has finished; one that broke off lacks a part of the weights."""
    if (folder / ADAPTER_CONFIG).exists() and not (folder / CONFIG).exists():
        return (folder / ADAPTER_WEIGHTS).exists()
    return has_tokenizer(folder) and all(
        (folder / name).exists() for name in (CONFIG, *_weight_files(folder))
    )


def _weight_files(folder: Path) -> set[str]:
    index = folder / WEIGHTS_INDEX
    if not index.exists():
        return {WEIGHTS}
    try:
        return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # broke off while it was written
        return {WEIGHTS}
