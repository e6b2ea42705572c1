"""Open a model's folders: weights and tokenizer through Transformers, hook points through TransformerLens.

Traps that this file knows, so that no other has to:
- a weight that is missing in the file would silently start out random: we refuse it;
- the bridge rewrites the Hugging Face model in place, so the plain predictions are taken before;
- attention must be "eager", else its pattern never shows;
- the bridge gets no tokenizer: it would add tokens to it, or look it up on the hub.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from transformer_lens.factories.architecture_adapter_factory import SUPPORTED_ARCHITECTURES
from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module
from transformer_lens.utilities.multi_gpu import resolve_device_map
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from llm_tt.errors import UnsupportedModelError
from llm_tt.model import folder_checks, output_weights, tokenization
from llm_tt.model.bridge_model import BridgeModel
from llm_tt.model.check_up import CheckUpError
from llm_tt.model.self_test import PROBE_TEXT, run_self_test
from llm_tt.model.source import ModelFiles, asked_to_open
from llm_tt.model.spec import ModelSpec


def open_files(spec: ModelSpec, files: ModelFiles, device: torch.device) -> BridgeModel:
    """Open a model from its folders and check it."""
    config = folder_checks.read_config(spec, files.base)
    folder_checks.check_weights(spec, files.base)
    folder_checks.check_tokenizer_files(spec, files.tokenizer)
    with _quiet():
        tokenizer = _load_tokenizer(spec, files.tokenizer)
        plain = _load_weights(spec, files, config, device)
        if files.adapter is not None:
            plain = _merge_adapter(spec, plain, files.adapter)
        return wrap(spec, plain, tokenizer)


def wrap(spec: ModelSpec, plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> BridgeModel:
    """Put hook points into a loaded Hugging Face model (in place), and check the result."""
    architecture = type(plain).__name__
    if architecture not in SUPPORTED_ARCHITECTURES:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"TransformerLens has no hook points for {architecture}.",
            remedy="`llm-tt models --families` names the families that can be opened.",
        )
    if getattr(plain, "hf_quantizer", None) is not None:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found="Its weights are quantised, so heads and neurons cannot be read from them.",
            remedy="Open the original model; dtype='bfloat16' halves its memory.",
        )
    _check_vocabulary(spec, plain, tokenizer)
    plain.eval().requires_grad_(False)
    plain.set_attn_implementation("eager")
    token_ids = tokenization.tokenize(tokenizer, PROBE_TEXT).token_ids
    plain_logits = _predict(plain, token_ids)
    try:
        bridge = build_bridge_from_module(plain, architecture, hf_config=plain.config)
        if not output_weights.has_attention(bridge):
            raise UnsupportedModelError(
                asked=asked_to_open(spec),
                found="It has blocks without attention, and there are no attention edges to draw for them.",
                remedy="Choose a transformer; state-space and recurrent models are none.",
            )
        model = BridgeModel(spec, bridge, tokenizer, plain.config)
        model.self_test = run_self_test(model, token_ids, plain_logits)
    except (
        AttributeError,
        IndexError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as problem:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"TransformerLens cannot place its hook points in this {architecture}: {problem}",
            remedy="Choose another model of this family, or another family.",
        ) from problem
    _refuse_if_wrong(model)
    return model


def _refuse_if_wrong(model: BridgeModel) -> None:
    failed = [finding for finding in model.self_test.switched_off if finding.required]
    if not failed:
        return
    first = failed[0]
    numbers = (
        f" fails: the deviation is {first.error:.2g}, allowed is {first.tolerance:.2g}."
        if first.error
        else ""
    )
    raise CheckUpError(
        asked=asked_to_open(model.spec),
        found=f"The check {first.sentence!r}{numbers}",
        remedy="Graphs of it would be wrong, so it stays closed. Choose another model.",
        check_up=model.self_test,
    )


def _check_vocabulary(spec: ModelSpec, plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    n_embedded = plain.get_input_embeddings().weight.shape[0]
    largest = max(tokenizer.get_vocab().values(), default=-1)
    if largest >= n_embedded:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"Its tokenizer has ids up to {largest:,}, but the model only knows {n_embedded:,} tokens.",
            remedy="This tokenizer belongs to another model; save the right one beside the weights.",
        )
    if largest < 0:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found="Its tokenizer has an empty vocabulary.",
            remedy="Save the model's own tokenizer beside the weights.",
        )


@torch.no_grad()
def _predict(plain: PreTrainedModel, token_ids: tuple[int, ...]) -> Tensor:
    device = plain.get_input_embeddings().weight.device
    logits: Tensor = plain(torch.tensor([token_ids], device=device), use_cache=False).logits
    return logits[0]


def _load_tokenizer(spec: ModelSpec, folder: Path) -> PreTrainedTokenizerBase:
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as problem:  # each tokenizer family fails in a way of its own
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"Its tokenizer cannot be read: {problem}",
            remedy="Save it again beside the weights: tokenizer.save_pretrained(folder).",
        ) from problem
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
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as problem:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"Its weights cannot be read: {problem}",
            remedy="The files are damaged or incomplete: copy or download the model again.",
        ) from problem
    lost = sorted(report["missing_keys"]) + sorted(str(key) for key in report["mismatched_keys"])
    if lost:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"{len(lost)} of its weights are missing or of the wrong shape, {lost[0]} among them.",
            remedy="The files are incomplete, or belong to another config.json: copy the model again.",
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
        from peft import PeftModel
    except ImportError:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found="It has a LoRA adapter, and merging one needs the package peft, which is not installed.",
            remedy="Install it: pip install 'llm-tt[lora]'.",
        ) from None
    try:
        merged: PreTrainedModel = PeftModel.from_pretrained(plain, adapter).merge_and_unload()
    except (ValueError, RuntimeError, KeyError, SafetensorError) as problem:
        raise UnsupportedModelError(
            asked=asked_to_open(spec),
            found=f"Its adapter does not fit its base model: {problem}",
            remedy="Check base_model_name_or_path in adapter_config.json.",
        ) from problem
    return merged


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars and advice of libraries between our own lines."""
    level = transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        if bars:
            transformers_logging.enable_progress_bar()
