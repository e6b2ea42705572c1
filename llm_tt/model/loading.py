"""`load_model`: the one door through which models come in."""

import itertools
import threading
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from llm_tt.errors import UnsupportedModelError
from llm_tt.model import opening, untrained
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.source import asked_to_open, find_files, refuse
from llm_tt.model.spec import UNTRAINED, ModelSpec
from llm_tt.model.wrapping import wrap

_ONE_AT_A_TIME = threading.Lock()
"""Transformers patches its own classes while it loads; two loads at once leave them patched for good."""

_in_memory_numbers = itertools.count(1)


def load_model(
    source: str | Path | ModelSpec | PreTrainedModel, tokenizer: PreTrainedTokenizerBase | None = None
) -> LanguageModel:
    """Open a model and check that its parts add up.

    Args:
        source: A built-in name, a local folder, a hub name, a `ModelSpec` for more control (device, dtype),
            or a Hugging Face model in memory. The latter is wrapped in place: pass a copy if you need the
            original afterwards.
        tokenizer: Only for a model in memory, and needed there.

    Raises:
        ModelError: with what was asked, what was found, and what to do.
    """
    if isinstance(source, PreTrainedModel):
        with _ONE_AT_A_TIME:
            return _wrap_in_memory(source, tokenizer)
    if tokenizer is not None:
        message = "tokenizer is only for a model in memory; a folder or hub name brings its own"
        raise TypeError(message)
    if not isinstance(source, str | Path | ModelSpec):
        message = f"source must be a name, a folder, a ModelSpec or a model; got {type(source).__name__}"
        raise TypeError(message)
    spec = source if isinstance(source, ModelSpec) else ModelSpec(str(source))
    device = choose_device(spec)
    with _ONE_AT_A_TIME:
        return _open(spec, device)


def _open(spec: ModelSpec, device: torch.device) -> LanguageModel:
    opened = spec.opened
    if opened.source in UNTRAINED:
        plain, byte_tokenizer = untrained.build(opened.source)
        return wrap(spec, plain.to(device, getattr(torch, spec.dtype)), byte_tokenizer)
    return opening.open_files(spec, find_files(opened), device)


def choose_device(spec: ModelSpec) -> torch.device:
    """The device that a spec asks for; "auto" takes the fastest that is there."""
    if spec.device == "auto":
        for kind, available in (
            ("cuda", torch.cuda.is_available()),
            ("mps", torch.backends.mps.is_available()),
        ):
            if available:
                return torch.device(kind)
        return torch.device("cpu")
    device = torch.device(spec.device)
    n_devices = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if (device.index or 0) >= n_devices[device.type]:
        raise UnsupportedModelError(
            asked=f"{asked_to_open(spec)[:-1]} on {spec.device}.",
            found=f"This machine has {n_devices[device.type] or 'no'} {device.type} device(s).",
            remedy="Use device='auto' or device='cpu'.",
        )
    return device


def _wrap_in_memory(plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase | None) -> LanguageModel:
    weight = plain.get_input_embeddings().weight
    spec = ModelSpec(
        f"in-memory {type(plain).__name__} {next(_in_memory_numbers)}",  # two models never share a cache key
        device=str(weight.device),
        dtype=str(weight.dtype).removeprefix("torch."),
    )
    if tokenizer is None:
        refuse(
            spec,
            "A model in memory comes without a tokenizer.",
            "Pass it too: load_model(model, tokenizer).",
        )
    return wrap(spec, plain, tokenizer)
