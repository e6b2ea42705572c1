"""A training run on disk: kill it and start it again, and it goes on where it was. No pickle."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from llm_tt.smallworld.optimizer import MixedOptimizer
from llm_tt.smallworld.recipe import Recipe


class Checkpoint:
    """Weights, running averages, the step and the minutes used, in one folder."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self._folder = folder
        self._recipe = recipe

    def save(self, step: int, minutes: float, model: nn.Module, optimizer: MixedOptimizer) -> None:
        """Write everything, then put it in place at once: a kill leaves the old checkpoint whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"model.{name}": p.detach() for name, p in model.named_parameters()}
        tensors |= {f"optimizer.{name}": value for name, value in optimizer.state().items()}
        said = {"recipe": json.dumps(asdict(self._recipe)), "step": str(step), "minutes": str(minutes)}
        unfinished = self._folder / "checkpoint.unfinished"
        save_file(
            {name: value.cpu().contiguous() for name, value in tensors.items()}, unfinished, metadata=said
        )
        unfinished.replace(self._path)

    def progress(self) -> tuple[int, float]:
        """Steps done and minutes used; zeros where there is no checkpoint of this recipe."""
        if not self._path.exists():
            return 0, 0.0
        said = _metadata(self._path)
        if said["recipe"] != json.dumps(asdict(self._recipe)):
            return 0, 0.0
        return int(said["step"]), float(said["minutes"])

    def load(self, model: nn.Module, optimizer: MixedOptimizer) -> None:
        """Put the saved tensors in place. The optimizer must be that of the saved step's stage."""
        tensors = load_file(self._path)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(tensors[f"model.{name}"])
        prefix = "optimizer."
        state: dict[str, Tensor] = {
            n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)
        }
        optimizer.load_state(state)

    @property
    def _path(self) -> Path:
        return self._folder / "checkpoint.safetensors"


def _metadata(path: Path) -> dict[str, str]:
    """The header of a safetensors file: a length, then JSON."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header: dict[str, dict[str, str]] = json.loads(file.read(length))
    return header["__metadata__"]
