"""From what a person typed to the folder that holds the model's files.

- "small-world": inside this package (the untrained ones are built in memory, see untrained.py);
- "./models/pythia": a local folder; one with a LoRA adapter points on to its base model;
- "EleutherAI/pythia-70m": a name on the Hugging Face hub, downloaded once (hub.py).
"""

import json
import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, NoReturn

from llm_tt.errors import MemoryLimitError, ModelNotFoundError, UnsupportedModelError
from llm_tt.model import hub
from llm_tt.model.file_names import ADAPTER_CONFIG, ADAPTER_WEIGHTS, CONFIG, has_tokenizer
from llm_tt.model.spec import BUILT_IN, SMALL_WORLD, ModelSpec
from llm_tt.reading import read_plain

SMALL_WORLD_FOLDER = Path(__file__).parents[1] / "smallworld" / "weights"
HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
LONGEST_NAME = 200
"""Characters: the hub's own limit is half of it."""
LARGEST_JSON = 2**24
"""Bytes of a configuration; the index of a thousand parts of weights has a tenth."""
LONGEST_QUOTE = 300
"""Characters of what another library says."""


class SourceKind(Enum):
    """What a source string means."""

    BUILT_IN = auto()
    FOLDER = auto()
    HUB_NAME = auto()


def kind_of(source: str) -> SourceKind:
    """Tell the three kinds apart; a folder that exists wins over a hub name of the same spelling."""
    if source in BUILT_IN:
        return SourceKind.BUILT_IN
    if len(source) > LONGEST_NAME or not HUB_NAME.fullmatch(source) or source.startswith((".", "~")):
        return SourceKind.FOLDER
    return SourceKind.FOLDER if Path(source).exists() else SourceKind.HUB_NAME


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Folders that together make one model."""

    base: Path
    """Holds config.json and the weights."""
    tokenizer: Path
    adapter: Path | None = None
    """Holds a LoRA adapter to be merged into the base."""


def find_files(spec: ModelSpec) -> ModelFiles:
    """Find a model's folders, downloading it first when its source is a hub name."""
    if spec.source == SMALL_WORLD:
        return ModelFiles(base=SMALL_WORLD_FOLDER, tokenizer=SMALL_WORLD_FOLDER)
    folder = _find_folder(spec)
    if not (folder / ADAPTER_CONFIG).exists():
        return ModelFiles(base=folder, tokenizer=folder)
    base = folder if (folder / CONFIG).exists() else _find_adapter_base(spec, folder)
    _check_adapter(spec, folder)
    return ModelFiles(base=base, tokenizer=folder if has_tokenizer(folder) else base, adapter=folder)


def read_json(spec: ModelSpec, path: Path) -> dict[str, Any]:
    """Read one of a model's JSON files, or say which file is damaged and where."""
    try:
        content = json.loads(read_plain(path, LARGEST_JSON).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:  # the latter: endless brackets
        said = said_by(problem)
        refuse(spec, f"Its {path.name} cannot be read: {said}", "Copy or download the model again.")
    if not isinstance(content, dict):
        refuse(
            spec,
            f"Its {path.name} holds a {type(content).__name__} instead of an object.",
            "Copy or download the model again.",
        )
    return content


def asked_to_open(spec: ModelSpec) -> str:
    """The first part of every error about opening a model."""
    return f"Open the model {_brief(spec.source)}."


def refuse(spec: ModelSpec, found: str, remedy: str) -> NoReturn:
    """There is a model, but it cannot be opened truthfully; inside an `except`, the cause is kept."""
    raise UnsupportedModelError(asked=asked_to_open(spec), found=found, remedy=remedy)


def _brief(name: str) -> str:
    return repr(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…")


def said_by(problem: BaseException) -> str:
    """What another library says, as the end of a sentence of ours: in one line, not too long."""
    strerror = getattr(problem, "strerror", None)
    said = " ".join((strerror or str(problem) or type(problem).__name__).split())
    said = re.split(r"Exception raised from|\(most recent call", said)[0].strip()  # where in its own code
    said = re.sub("<class '([^']*)'>", r"\1", said)
    return f"{said[:LONGEST_QUOTE]}…" if len(said) > LONGEST_QUOTE else f"{said.rstrip('.')}."


def out_of_memory(spec: ModelSpec) -> MemoryLimitError:
    """The model itself does not fit."""
    return MemoryLimitError(
        asked=asked_to_open(spec),
        found=f"The memory of {spec.device if spec.device != 'auto' else 'this machine'} is full.",
        remedy="Close another model, or open it with dtype='bfloat16' or on device='cpu'.",
    )


def _find_folder(spec: ModelSpec) -> Path:
    if kind_of(spec.source) is SourceKind.HUB_NAME:
        return hub.fetch(spec.source, spec.revision)
    try:
        path = Path(spec.source).expanduser()
        if path.is_dir():
            return path.resolve()
        is_file = path.exists()
    except (OSError, RuntimeError, ValueError):  # too long, a user that does not exist, a zero byte
        path, is_file = Path(spec.source), False
    if is_file:
        refuse(
            spec,
            "It is a file; a model is a folder with config.json, safetensors weights and a tokenizer.",
            f"Give the folder, perhaps {str(path.parent)!r}.",
        )
    raise ModelNotFoundError(
        asked=asked_to_open(spec),
        found=f"There is no folder {_brief(str(path))}.",
        remedy="Check the path; a model on the hub is named like 'EleutherAI/pythia-70m'.",
    )


def _find_adapter_base(spec: ModelSpec, adapter: Path) -> Path:
    name = read_json(spec, adapter / ADAPTER_CONFIG).get("base_model_name_or_path")
    if not isinstance(name, str) or not name:
        refuse(
            spec,
            f"It is an adapter whose {ADAPTER_CONFIG} names no base model.",
            "Put the adapter's files into the folder of its base model.",
        )
    try:
        if kind_of(spec.source) is SourceKind.HUB_NAME:
            return _find_hub_base(spec, name)
        beside = _folder_beside(adapter, name)
        return _find_folder(ModelSpec(name)) if beside is None else beside
    except ModelNotFoundError as problem:
        raise ModelNotFoundError(
            asked=asked_to_open(spec),
            found=f"It is an adapter for {_brief(name)}, and that base model was not found. {problem.found}",
            remedy="Put the adapter's files into the folder of its base model, or correct the name in "
            f"{ADAPTER_CONFIG}.",
        ) from None


def _folder_beside(adapter: Path, name: str) -> Path | None:
    """A base model that lies where the adapter's folder says, seen from there."""
    try:
        beside = adapter / name
        return beside.resolve() if (beside / CONFIG).exists() else None
    except (OSError, ValueError):  # no name that a folder can have
        return None


def _find_hub_base(spec: ModelSpec, name: str) -> Path:
    """A stranger's adapter may lead to another model of the hub, never to a folder of this machine."""
    if not HUB_NAME.fullmatch(name) or name.startswith("."):
        refuse(
            spec,
            f"It is an adapter from the hub whose base model {name!r} is no name on the hub.",
            "Download the adapter, and put its files into the folder of its base model.",
        )
    return hub.fetch(name)


def _check_adapter(spec: ModelSpec, folder: Path) -> None:
    kind = read_json(spec, folder / ADAPTER_CONFIG).get("peft_type")
    if kind != "LORA":
        refuse(
            spec,
            f"Its adapter is of the type {kind!r}; only LoRA adapters can be merged into the weights.",
            "Merge the adapter into its base model with peft and save the result.",
        )
    if not (folder / ADAPTER_WEIGHTS).exists():
        refuse(
            spec,
            f"There is an {ADAPTER_CONFIG}, but no {ADAPTER_WEIGHTS} beside it.",
            "Save the adapter with save_pretrained(folder, safe_serialization=True).",
        )
