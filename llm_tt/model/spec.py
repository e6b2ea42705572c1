"""What identifies an opened model: the key of every cache that holds something computed with it."""

import re
from dataclasses import dataclass, replace
from typing import Final

DTYPES: Final = ("float32", "bfloat16", "float16", "float64")
DEVICES: Final = ("auto", "cpu", "cuda", "mps")
DEVICE_PATTERN: Final = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,3})?")
SMALL_WORLD: Final = "small-world"
"""The model that this project trained itself; its files lie inside the package."""
UNTRAINED: Final = ("untrained", "untrained-gpt2-small")
"""Random weights that need no file; untrained.py builds them."""
BUILT_IN: Final = (SMALL_WORLD, *UNTRAINED)
"""Sources that are there on every machine."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything that changes what `load_model` returns; frozen and hashable."""

    source: str
    """A built-in name such as "small-world", a local folder, or a name on the Hugging Face hub."""
    device: str = "auto"
    """"auto" takes cuda, then mps, then cpu; a number may follow, as in "cuda:1"."""
    dtype: str = "float32"
    """Precision of the weights. Contributions are always computed in float32 or better."""
    revision: str | None = None
    """Branch, tag or commit on the hub; None is the default branch."""
    n_devices: int = 1
    """How many CUDA devices to spread the layers over."""
    place: str = ""
    """What is opened, where people should hear another name: then `source` is that name, on every page and in
    every error and file."""

    def __post_init__(self) -> None:
        if not self.source:
            message = "source must not be empty"
            raise ValueError(message)
        if self.dtype not in DTYPES:
            message = f"dtype must be one of {', '.join(DTYPES)}; got {self.dtype!r}"
            raise ValueError(message)
        if not DEVICE_PATTERN.fullmatch(self.device):
            message = (
                f"device must be one of {', '.join(DEVICES)} (cuda may carry a number); got {self.device!r}"
            )
            raise ValueError(message)
        if self.n_devices < 1:
            message = f"n_devices must be at least 1; got {self.n_devices}"
            raise ValueError(message)

    @property
    def opened(self) -> "ModelSpec":
        """The spec of what is really opened."""
        return replace(self, source=self.place, place="") if self.place else self
