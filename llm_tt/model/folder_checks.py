"""Refuse what cannot be opened truthfully, before any weight is read, each with its reason and cure."""

from pathlib import Path
from typing import Any

from transformers import AutoConfig, PretrainedConfig
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from llm_tt.errors import ModelNotFoundError
from llm_tt.model.configuration import layers_of
from llm_tt.model.families import supported_families
from llm_tt.model.file_names import (
    CONFIG,
    READ_SUFFIXES,
    TOKENIZER_FILES,
    has_tokenizer,
)
from llm_tt.model.source import asked_to_open, read_json, refuse, said_by
from llm_tt.model.spec import ModelSpec

LONGEST_NAME = 100
"""Characters of a family's or an architecture's name that a message repeats."""
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
            f"Its config.json makes no sense to Transformers: {said_by(problem)}",
            "Check or replace config.json.",
        )
    _check_layers(spec, config)
    return config


def check_plain_files(spec: ModelSpec, folder: Path) -> None:
    """What stands under the name of a file must be one: a pipe would keep whoever reads it waiting."""
    for file in sorted(folder.iterdir()):
        if file.suffix in READ_SUFFIXES and not file.is_file():
            refuse(
                spec,
                f"Its {file.name} is no file, but a folder, a device, a pipe or a link that leads nowhere.",
                "Copy or download the model again.",
            )


def check_tokenizer_files(spec: ModelSpec, folder: Path) -> None:
    """A model without its tokenizer could only be fed numbers."""
    if not has_tokenizer(folder):
        refuse(
            spec,
            f"There is no tokenizer in {str(folder)!r} (none of {', '.join(TOKENIZER_FILES)}).",
            "Save it beside the weights: tokenizer.save_pretrained(folder).",
        )


def _check_layers(spec: ModelSpec, config: PretrainedConfig) -> None:
    n_layers = layers_of(config)
    if n_layers is not None and n_layers < 1:
        refuse(
            spec,
            f"Its config.json says that it has {n_layers} layers.",
            "Check or replace config.json.",
        )


def _check_family(spec: ModelSpec, raw: dict[str, Any]) -> None:
    family = raw.get("model_type")
    declared = raw.get("architectures") or []
    if not isinstance(family, str) or not (
        isinstance(declared, list) and all(isinstance(name, str) for name in declared)
    ):
        refuse(
            spec,
            "Its config.json is no model's: model_type is a text, and architectures are a list of texts.",
            "Check or replace config.json.",
        )
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
            f"Its architecture is {declared[0][:LONGEST_NAME]}: no decoder language model, but an encoder or "
            "a model for another task.",
            "Choose a decoder-only model, such as GPT-2 or Llama (its config.json names …ForCausalLM).",
        )
    if family not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        refuse(
            spec,
            f"Transformers knows no decoder language models of the family {_brief(family)}.",
            "`llm-tt models --families` names those that can be opened.",
        )
    if family not in supported_families():
        refuse(
            spec,
            f"TransformerLens has no hook points for the family {family!r}.",
            "`llm-tt models --families` names those that can be opened.",
        )


def _brief(name: str) -> str:
    return repr(name[:LONGEST_NAME])


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
