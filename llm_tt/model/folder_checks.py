"""Refuse what cannot be opened truthfully, before any weight is read, each with its reason and cure."""

import hashlib
from pathlib import Path
from typing import Any

from transformers import AutoConfig, PretrainedConfig
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from llm_tt.errors import ModelNotFoundError
from llm_tt.model.families import supported_families
from llm_tt.model.file_names import (
    CONFIG,
    PICKLED_SUFFIXES,
    TOKENIZER_FILES,
    TRAINING,
    WEIGHTS,
    has_tokenizer,
)
from llm_tt.model.source import asked_to_open, read_json, refuse
from llm_tt.model.spec import ModelSpec

LANGUAGE_MODEL_ENDINGS = ("ForCausalLM", "LMHeadModel")


def read_config(spec: ModelSpec, folder: Path) -> PretrainedConfig:
    """Read and vet config.json: a decoder language model of a family that Transformers itself contains."""
    if not (folder / CONFIG).exists():
        raise ModelNotFoundError(
            asked=asked_to_open(spec),
            found=f"The folder {str(folder)!r} is no model: it has no config.json.",
            remedy="Give the folder that save_pretrained wrote: config.json, safetensors weights, tokenizer.",
        )
    raw = read_json(spec, folder / CONFIG)
    _check_family(spec, raw)
    _check_quantisation(spec, raw)
    try:
        config: PretrainedConfig = AutoConfig.from_pretrained(folder, local_files_only=True)
    except Exception as problem:  # each family's configuration fails in a way of its own
        refuse(
            spec,
            f"Its config.json makes no sense to Transformers: {problem}",
            "Check or replace config.json.",
        )
    return config


def check_weights(spec: ModelSpec, folder: Path) -> None:
    """The weights must be safetensors: pickled ones can run code when they are opened."""
    if any(folder.glob("*.safetensors")):
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


def _check_checksum(spec: ModelSpec, folder: Path) -> None:
    """Weights whose training run recorded a checksum must be those weights."""
    if not (folder / TRAINING).exists():
        return
    recorded = read_json(spec, folder / TRAINING).get("sha256")
    found = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    if recorded not in (None, found):
        refuse(
            spec,
            f"Its weights are damaged: {WEIGHTS} does not have the checksum that {TRAINING} records.",
            "Install llm_tt again, or copy the model again.",
        )


def check_tokenizer_files(spec: ModelSpec, folder: Path) -> None:
    """A model without its tokenizer could only be fed numbers."""
    if not has_tokenizer(folder):
        refuse(
            spec,
            f"There is no tokenizer in {str(folder)!r} (none of {', '.join(TOKENIZER_FILES)}).",
            "Save it beside the weights: tokenizer.save_pretrained(folder).",
        )


def _check_family(spec: ModelSpec, raw: dict[str, Any]) -> None:
    family = raw.get("model_type")
    declared = raw.get("architectures") or []
    if raw.get("auto_map") and family not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        refuse(
            spec,
            "It brings its own Python code (auto_map in config.json), and foreign code is never run here.",
            "Use a model of a family that Transformers contains.",
        )
    if raw.get("is_encoder_decoder"):
        refuse(
            spec, f"It is an encoder-decoder model ({family}).", "Choose a decoder-only model, such as GPT-2."
        )
    if declared and not any(name.endswith(LANGUAGE_MODEL_ENDINGS) for name in declared):
        refuse(
            spec,
            f"Its architecture is {declared[0]}: no decoder language model, but an encoder or a model for "
            "another task.",
            "Choose a decoder-only model, such as GPT-2 or Llama (its config.json names …ForCausalLM).",
        )
    if family not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        refuse(
            spec,
            f"Transformers knows no decoder language models of the family {family!r}.",
            "`llm-tt models --families` names those that can be opened.",
        )
    if family not in supported_families():
        refuse(
            spec,
            f"TransformerLens has no hook points for the family {family!r}.",
            "`llm-tt models --families` names those that can be opened.",
        )


def _check_quantisation(spec: ModelSpec, raw: dict[str, Any]) -> None:
    quantisation = raw.get("quantization_config")
    if quantisation:
        method = (
            quantisation.get("quant_method", "unknown method")
            if isinstance(quantisation, dict)
            else "unknown"
        )
        refuse(
            spec,
            f"Its weights are quantised ({method}), so heads and neurons cannot be read from them.",
            "Open the original model; dtype='bfloat16' halves its memory.",
        )
