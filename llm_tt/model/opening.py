"""Read a model's folders with Transformers: weights, tokenizer, adapter.

A weight that is missing in the file would silently start out random, and an adapter that cannot be merged
would silently be left out; both are refused here.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from transformer_lens.utilities.multi_gpu import resolve_device_map
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from llm_tt.errors import UnsupportedModelError
from llm_tt.model import folder_checks, weight_files
from llm_tt.model.bridge_model import BridgeModel
from llm_tt.model.quiet import quiet
from llm_tt.model.source import ModelFiles, out_of_memory, refuse, said_by
from llm_tt.model.spec import ModelSpec
from llm_tt.model.wrapping import wrap


def open_files(spec: ModelSpec, files: ModelFiles, device: torch.device) -> BridgeModel:
    """Open a model from its folders and check it."""
    for folder in {files.base, files.tokenizer, files.adapter or files.base}:
        folder_checks.check_plain_files(spec, folder)
    config = folder_checks.read_config(spec, files.base)
    weight_files.check_weights(spec, files.base, config)
    folder_checks.check_tokenizer_files(spec, files.tokenizer)
    with quiet():
        tokenizer = _load_tokenizer(spec, files.tokenizer)
        plain = _load_weights(spec, files, config, device)
        if files.adapter is not None:
            plain = _merge_adapter(spec, plain, files.adapter)
        return wrap(spec, plain, tokenizer)


def _load_tokenizer(spec: ModelSpec, folder: Path) -> PreTrainedTokenizerBase:
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as problem:  # each tokenizer family fails in a way of its own
        refuse(
            spec,
            f"Its tokenizer cannot be read: {said_by(problem)}",
            "Save it again beside the weights: tokenizer.save_pretrained(folder).",
        )
    return tokenizer


def _load_weights(
    spec: ModelSpec, files: ModelFiles, config: PretrainedConfig, device: torch.device
) -> PreTrainedModel:
    device_map, max_memory = _spread(spec)
    try:
        with _without_adapter(files) as folder:
            plain, report = AutoModelForCausalLM.from_pretrained(
                folder,
                config=config,
                dtype=getattr(torch, spec.dtype),
                attn_implementation="eager",
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                device_map=device_map,
                max_memory=max_memory,
            )
    except (MemoryError, torch.OutOfMemoryError) as problem:
        raise out_of_memory(spec) from problem
    except Exception as problem:  # each family fails in a way of its own
        said = said_by(problem)
        if "ignore_mismatched_sizes" in said:  # advice to whoever called Transformers
            said = "they have other shapes than config.json says."
        refuse(
            spec,
            f"Its weights cannot be read: {said}",
            "The files are damaged or incomplete: copy or download the model again.",
        )
    lost = sorted(report["missing_keys"]) + sorted(str(key) for key in report["mismatched_keys"])
    if lost:
        refuse(
            spec,
            f"{len(lost)} of its weights are missing or of the wrong shape, {lost[0]} among them.",
            "The files are incomplete, or belong to another config.json: copy the model again.",
        )
    return plain if device_map is not None else plain.to(device)


def _spread(spec: ModelSpec) -> tuple[Any, Any]:
    """TransformerLens' own plan for several CUDA devices; nothing to plan for one."""
    try:
        device_map, max_memory = resolve_device_map(spec.n_devices, None, None)
    except ValueError as problem:
        raise UnsupportedModelError(
            asked=f"Spread the model {spec.source!r} over {spec.n_devices} devices.",
            found=str(problem),
            remedy="Open it with n_devices=1.",
        ) from None
    return device_map, max_memory


@contextlib.contextmanager
def _without_adapter(files: ModelFiles) -> Iterator[Path]:
    """The base folder as if it held no adapter.

    Transformers would put an adapter that lies beside the weights into the model unmerged (or, without
    peft, silently leave it out); we merge it ourselves.
    """
    if files.adapter != files.base:
        yield files.base
        return
    with tempfile.TemporaryDirectory() as clean:
        for file in files.base.iterdir():
            if not file.name.startswith("adapter_"):
                (Path(clean) / file.name).symlink_to(file)
        yield Path(clean)


def _merge_adapter(spec: ModelSpec, plain: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    try:
        from peft import PeftModel, get_peft_model_state_dict, load_peft_weights
    except ImportError:
        refuse(
            spec,
            "It has a LoRA adapter, and merging one needs the package peft, which is not installed.",
            "Install it where llm_tt is installed: pip install peft.",
        )
    try:
        adapted = PeftModel.from_pretrained(plain, adapter)
        # peft only warns about weights that it did not find a place for, and leaves them out. Left to decide
        # about embeddings by itself, it would look the base model up on the hub.
        placed = get_peft_model_state_dict(adapted, save_embedding_layers=False)
        strays = set(load_peft_weights(adapter, device="cpu")) ^ set(placed)
        problem = (
            f"{len(strays)} of its weights have no counterpart, {min(strays)} among them" if strays else ""
        )
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise out_of_memory(spec) from error
    except Exception as error:  # peft checks little, and fails wherever it stumbles
        problem = said_by(error)
    if problem:
        refuse(
            spec,
            f"Its adapter does not fit its base model: {problem.removesuffix('.')}.",
            "Check base_model_name_or_path in adapter_config.json, or save the adapter again.",
        )
    merged: PreTrainedModel = adapted.merge_and_unload()
    return merged
