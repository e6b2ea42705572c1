"""Put TransformerLens' hook points into a Hugging Face model, and check the result.

- The bridge rewrites the model in place, so the plain model's predictions are taken before.
- Attention must be "eager", else its pattern never shows.
- The bridge gets no tokenizer: it would add tokens to it, or look it up on the hub.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from transformer_lens.factories.architecture_adapter_factory import SUPPORTED_ARCHITECTURES
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.model_bridge.generalized_components import NormalizationBridge
from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from llm_tt.errors import ModelError
from llm_tt.model import output_weights, tokenization
from llm_tt.model.bridge_model import BridgeModel
from llm_tt.model.check_up import CheckUpError
from llm_tt.model.configuration import context_length
from llm_tt.model.self_test import PROBE_TEXT, run_self_test
from llm_tt.model.source import asked_to_open, out_of_memory, refuse, said_by
from llm_tt.model.spec import ModelSpec


def wrap(spec: ModelSpec, plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> BridgeModel:
    """Turn a loaded model into one of ours, in place; a model whose parts do not add up stays closed."""
    _check_architecture(spec, plain)
    _check_vocabulary(spec, plain, tokenizer)
    plain.eval().requires_grad_(False)
    plain.set_attn_implementation("eager")
    try:
        model = _wrap_and_check(spec, plain, tokenizer)
    except ModelError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as problem:
        raise out_of_memory(spec) from problem
    except Exception as problem:  # each adapter of TransformerLens fails in a way of its own
        refuse(
            spec,
            f"TransformerLens cannot run this {type(plain).__name__} with hook points: {said_by(problem)}",
            "Choose another model of this family, or another family.",
        )
    _refuse_if_wrong(model)
    return model


def _wrap_and_check(
    spec: ModelSpec, plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> BridgeModel:
    token_ids = tokenization.tokenize(tokenizer, PROBE_TEXT).token_ids[: context_length(plain.config)]
    plain_logits = _predict(plain, token_ids)
    bridge = build_bridge_from_module(plain, type(plain).__name__, hf_config=plain.config)
    _check_attention(spec, bridge)
    _forget_patterns(bridge)
    _say_what_is_kept(bridge)
    _give_bare_norms_a_weight(bridge)
    model = BridgeModel(spec, bridge, tokenizer, plain.config)
    model.self_test = run_self_test(model, token_ids, plain_logits)
    return model


def _forget_patterns(bridge: TransformerBridge) -> None:
    """Drop the attention pattern that TransformerLens leaves on its modules after each run and never reads.

    For GPT-2 small's shape at 1,024 tokens these are 600 MiB, kept until the next run.
    """

    def forget(attention: nn.Module, *_: object) -> None:
        attention._pattern = None  # type: ignore[assignment]

    for block in bridge.blocks:
        if hasattr(block.attn, "_pattern"):
            block.attn.register_forward_hook(forget)


def _say_what_is_kept(bridge: TransformerBridge) -> None:
    """Hand the keys and values of earlier tokens to TransformerLens by the name that it looks for.

    Transformers calls them `cache` since 5.24. Without them each step would attend to itself alone.
    """
    for block in bridge.blocks:
        if hasattr(block.attn, "_update_kv_cache"):
            block.attn._update_kv_cache = partial(_with_what_is_kept, block.attn._update_kv_cache)


def _with_what_is_kept(
    update: Callable[..., tuple[Tensor, Tensor]], keys: Tensor, values: Tensor, **named: object
) -> tuple[Tensor, Tensor]:
    kept = named.pop("cache", None)
    if kept is not None:
        named["past_key_values"] = kept
    return update(keys, values, **named)


def _give_bare_norms_a_weight(bridge: TransformerBridge) -> None:
    """OLMo's norms have no weight, and TransformerLens looks for one when a norm's scale is held constant."""
    for norm in bridge.modules():
        component = getattr(norm, "original_component", None)
        shape = getattr(component, "normalized_shape", None)
        is_bare = isinstance(norm, NormalizationBridge) and not hasattr(component, "weight")
        if component is not None and shape is not None and is_bare:
            ones = next(bridge.parameters()).new_ones(shape)
            component.register_buffer("weight", ones, persistent=False)


def _check_architecture(spec: ModelSpec, plain: PreTrainedModel) -> None:
    architecture = type(plain).__name__
    if architecture not in SUPPORTED_ARCHITECTURES:
        refuse(
            spec,
            f"TransformerLens has no hook points for {architecture}.",
            "`llm-tt models --families` names the families that can be opened.",
        )
    if getattr(plain, "hf_quantizer", None) is not None:
        refuse(
            spec,
            "Its weights are quantised, so heads and neurons cannot be read from them.",
            "Open the original model; dtype='bfloat16' halves its memory.",
        )


def _check_attention(spec: ModelSpec, bridge: TransformerBridge) -> None:
    if not output_weights.has_attention(bridge):
        refuse(
            spec,
            "It has blocks without attention, and there are no attention edges to draw for them.",
            "Choose a transformer; state-space and recurrent models are none.",
        )


def _check_vocabulary(spec: ModelSpec, plain: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    n_embedded = plain.get_input_embeddings().weight.shape[0]
    largest = max(tokenizer.get_vocab().values(), default=-1)
    if largest >= n_embedded:
        refuse(
            spec,
            f"Its tokenizer has ids up to {largest:,}, but the model only knows {n_embedded:,} tokens.",
            "This tokenizer belongs to another model; save the right one beside the weights.",
        )
    if largest < 0:
        refuse(
            spec,
            "Its tokenizer has an empty vocabulary.",
            "Save the model's own tokenizer beside the weights.",
        )


def _refuse_if_wrong(model: BridgeModel) -> None:
    failed = [finding for finding in model.self_test.switched_off if finding.required]
    if not failed:
        return
    first = failed[0]
    reason = first.sentence
    if first.error is not None:
        reason = f"The check {reason!r} fails: off by {first.error:.2g}, {first.tolerance:.2g} allowed."
    raise CheckUpError(
        asked=asked_to_open(model.spec),
        found=reason,
        remedy="Graphs of it would be wrong, so it stays closed. Choose another model.",
        check_up=model.self_test,
    )


@torch.no_grad()
def _predict(plain: PreTrainedModel, token_ids: tuple[int, ...]) -> Tensor:
    device = plain.get_input_embeddings().weight.device
    logits: Tensor = plain(torch.tensor([token_ids], device=device), use_cache=False).logits
    return logits[0]
