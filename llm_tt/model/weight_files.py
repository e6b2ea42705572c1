"""The weights of a model's folder, looked at before one of them is read: safetensors, and of that folder."""

import hashlib
from pathlib import Path

from safetensors import SafetensorError, safe_open
from transformers import PretrainedConfig

from llm_tt.model.configuration import layers_of
from llm_tt.model.file_names import PICKLED_SUFFIXES, TRAINING, WEIGHTS, WEIGHTS_INDEX
from llm_tt.model.source import read_json, refuse, said_by
from llm_tt.model.spec import ModelSpec


def check_weights(spec: ModelSpec, folder: Path, config: PretrainedConfig) -> None:
    """The weights must be safetensors: pickled ones can run code when they are opened."""
    if any(folder.glob("*.safetensors")):
        _check_parts(spec, folder, config)
        _check_checksum(spec, folder)
        return
    pickled = sorted(file.name for file in folder.iterdir() if file.suffix in PICKLED_SUFFIXES)
    if pickled:
        refuse(
            spec,
            f"Its weights are pickled ({pickled[0]}), which can run code when opened.",
            "Convert them once, where you trust them: load the model with Transformers and save it with "
            "save_pretrained(folder, safe_serialization=True).",
        )
    refuse(
        spec, f"There are no weights (*.safetensors) in {str(folder)!r}.", "Copy or download the model again."
    )


def _check_parts(spec: ModelSpec, folder: Path, config: PretrainedConfig) -> None:
    """Each file of the weights lies in the folder and is safetensors, and all together can be that model."""
    n_tensors = 0
    for name in _part_names(spec, folder):
        if Path(name).name != name or not name.endswith(".safetensors"):
            refuse(
                spec,
                f"Its {WEIGHTS_INDEX} leads to {name[:100]!r}, which is no safetensors file of the folder.",
                "Copy or download the model again.",
            )
        if not (folder / name).is_file():
            refuse(spec, f"It has no file {name[:100]!r}.", "Copy or download the model again.")
        try:
            with safe_open(folder / name, "pt") as file:
                n_tensors += len(file.keys())
                whole = [key for key in file.keys() if _is_of_whole_numbers(file, key)]  # noqa: SIM118 (no dict)
        except (OSError, SafetensorError) as problem:
            refuse(
                spec,
                f"Its weights cannot be read: {said_by(problem)}",
                "The files are damaged or incomplete: copy or download the model again.",
            )
        if whole:
            refuse(
                spec,
                f"Its {whole[0][:100]} holds whole numbers: it is quantised, or damaged.",
                "Open the model that it was made from; with dtype='bfloat16' that needs half the memory.",
            )
    n_layers = layers_of(config)
    if n_layers is not None and n_layers > n_tensors:  # said before so many are built
        refuse(
            spec,
            f"Its config.json says that it has {n_layers:,} layers, and its weights are {n_tensors:,} "
            "tensors.",
            "The files are incomplete, or belong to another config.json: copy the model again.",
        )


def _is_of_whole_numbers(file: safe_open, key: str) -> bool:
    """Whether a weight would be rounded away; masks and position numbers are no weights."""
    dtype: str = file.get_slice(key).get_dtype()  # type: ignore[no-untyped-call]
    return key.endswith(".weight") and dtype.startswith(("I", "U", "BOOL"))


def _part_names(spec: ModelSpec, folder: Path) -> list[str]:
    """The files that Transformers would read: the one, or those of an index."""
    if (folder / WEIGHTS).exists() or not (folder / WEIGHTS_INDEX).exists():
        return [WEIGHTS]
    content = read_json(spec, folder / WEIGHTS_INDEX)
    parts = content.get("weight_map")
    if not isinstance(parts, dict) or not parts or not isinstance(content.get("metadata"), dict):
        refuse(spec, f"Its {WEIGHTS_INDEX} names no files.", "Copy or download the model again.")
    return sorted(set(map(str, parts.values())))


def _check_checksum(spec: ModelSpec, folder: Path) -> None:
    """Weights whose training run recorded a checksum must be those weights."""
    if not (folder / TRAINING).exists() or not (folder / WEIGHTS).exists():
        return
    recorded = read_json(spec, folder / TRAINING).get("sha256")
    found = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    if recorded not in (None, found):
        refuse(
            spec,
            f"Its weights are damaged: {WEIGHTS} does not have the checksum that {TRAINING} records.",
            "Install llm_tt again, or copy the model again.",
        )
