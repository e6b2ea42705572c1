"""The one adapter between the house and TransformerLens' `TransformerBridge`.

The bridge wraps a Hugging Face model in place, keeps its raw weights (no layer norm is folded, nothing
is centred) and adds hook points. Where families differ in what reaches the residual stream, the
difference is folded into the weights here, so that no floor above needs to know families.
"""

import threading
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformer_lens.model_bridge import TransformerBridge
from transformers import PretrainedConfig, PreTrainedTokenizerBase

from llm_tt.axes import Logits
from llm_tt.model import attention_weights, input_weights, output_weights, part_reading, tokenization
from llm_tt.model.check_up import Capability, CheckUp
from llm_tt.model.configuration import (
    configured_end_tokens,
    context_length,
    embedding_factor,
    expert_width,
    logit_cap,
    logit_factor,
)
from llm_tt.model.dimensions import ModelDimensions
from llm_tt.model.fingerprint import fingerprint_of
from llm_tt.model.frozen_norm import BlockNorms, block_norms
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LayerWeights, NeuronInputs
from llm_tt.model.prompt import Prompt
from llm_tt.model.spec import ModelSpec

# We hold norms constant on purpose, and know that this changes the last digit.
warnings.filterwarnings("ignore", message="A forward hook edited hook_scale")


class BridgeModel:
    """A `LanguageModel` over a `TransformerBridge`."""

    def __init__(
        self,
        spec: ModelSpec,
        bridge: TransformerBridge,
        tokenizer: PreTrainedTokenizerBase,
        config: PretrainedConfig,
    ) -> None:
        self.spec = spec
        self.lock = threading.RLock()
        self.self_test = CheckUp(())
        self._bridge = bridge
        self._tokenizer = tokenizer
        self._config = config
        self._hook_names = frozenset(bridge.hook_dict)
        self.dimensions = self._measure()

    @property
    def device(self) -> torch.device:
        """The device of the embedding: prompts go in there."""
        device: torch.device = next(self._bridge.parameters()).device
        return device

    @property
    def compute_dtype(self) -> torch.dtype:
        """Half precisions are upcast before any arithmetic on contributions."""
        return torch.float64 if self.spec.dtype == "float64" else torch.float32

    @property
    def _weight_dtype(self) -> torch.dtype:
        dtype: torch.dtype = next(self._bridge.parameters()).dtype
        return dtype

    @cached_property
    def fingerprint(self) -> str:
        """Computed when it is first asked for: weights stay as they were opened."""
        config = self._config
        factors = (
            embedding_factor(config),
            logit_factor(config),
            logit_cap(config),
            getattr(self._bridge.cfg, "residual_multiplier", None),
        )
        return fingerprint_of(
            self._bridge.named_parameters(),
            self.token_strings(range(self.dimensions.d_vocab)),
            (str(config.model_type), str(self.dimensions), str(factors)),
        )

    def tokenize(self, text: str) -> Prompt:
        """Split a text as the model's own tokenizer does."""
        tokenization.check_length(text, self.dimensions.n_context)
        return tokenization.tokenize(self._tokenizer, text)

    def token_strings(self, token_ids: Sequence[int]) -> tuple[str, ...]:
        """Readable strings of any tokens of the vocabulary."""
        return tokenization.token_strings(self._tokenizer, token_ids)

    def text_of(self, token_ids: Sequence[int]) -> str:
        """The text that tokens spell, special ones included."""
        return tokenization.text_of(self._tokenizer, token_ids)

    @property
    def end_tokens(self) -> frozenset[int]:
        """Tokens with which a text ends, as tokenizer and configuration name them."""
        return tokenization.end_tokens(self._tokenizer, configured_end_tokens(self._config))

    def has_site(self, site: Site) -> bool:
        """Whether every block has that place."""
        return all(site.at(layer) in self._hook_names for layer in range(self.dimensions.n_layers))

    def run(self, token_ids: Sequence[int], hooks: Sequence[Hook] = ()) -> Float[Tensor, "pos d_vocab"]:
        """One forward pass over one prompt, under the lock."""
        return self.run_copies(token_ids, 1, hooks)[0]

    def run_copies(
        self, token_ids: Sequence[int], copies: int, hooks: Sequence[Hook] = ()
    ) -> Float[Tensor, "copy pos d_vocab"]:
        """One forward pass over equal copies of a prompt, for hooks that treat each copy in their own way."""
        return self.run_rows([token_ids] * copies, hooks)

    def run_rows(
        self, rows: Sequence[Sequence[int]], hooks: Sequence[Hook] = ()
    ) -> Float[Tensor, "row pos d_vocab"]:
        """One forward pass over several prompts of one length, which do not see each other."""
        batch = torch.tensor([list(row) for row in rows], device=self.device)
        with self.lock:
            logits: Tensor = self._bridge.run_with_hooks(
                batch, fwd_hooks=_as_bridge_hooks(hooks), use_cache=False
            )
        return logits

    def run_cached(
        self, token_ids: Sequence[int], past: object, hooks: Sequence[Hook] = ()
    ) -> tuple[Float[Tensor, "pos d_vocab"], object]:
        """The next tokens behind `past`, None at first, with the keys and values of those before."""
        batch = torch.tensor([list(token_ids)], device=self.device)
        with self.lock:
            logits, kept = self._bridge.run_with_hooks(
                batch,
                fwd_hooks=_as_bridge_hooks(hooks),
                use_cache=True,
                past_key_values=past,
                return_type="logits_and_cache",
            )
        return logits[0], kept

    def read_out(self, states: Float[Tensor, "*position d_model"]) -> Logits:
        """Final norm and unembedding, then the cap or scale that some families apply to logits."""
        final_norm, unembedding = self._bridge.ln_final, self._bridge.unembed
        flat = states.reshape(1, -1, states.shape[-1]).to(self._device_of(final_norm), self._weight_dtype)
        with self.lock:
            logits: Tensor = unembedding(final_norm(flat).to(self._device_of(unembedding)))
        logits = self.cap_logits(logits * logit_factor(self._config))
        return logits.to(self.device).reshape(*states.shape[:-1], -1)

    def read_part(
        self, parts: Float[Tensor, "*part d_model"], final_scale: Float[Tensor, "*part"] | float
    ) -> Logits:
        """What each part of a last state adds to the logits, the final norm's factor held constant."""
        logits = part_reading.read_part(self._bridge, parts, final_scale, self.compute_dtype)
        return (logits * logit_factor(self._config)).to(self.device)

    def unembedding(self, token_ids: Sequence[int]) -> Float[Tensor, "token d_model"]:
        """The directions that `read_part` reads the logits of some tokens along, with a scale of 1."""
        rows = part_reading.unembedding(self._bridge, token_ids, self.compute_dtype)
        return (rows * logit_factor(self._config)).to(self.device)

    def cap_logits(self, logits: Logits) -> Logits:
        """Bend logits as the model does at its end."""
        cap = logit_cap(self._config)
        return logits if cap is None else cap * torch.tanh(logits / cap)

    def layer_weights(self, layer: int) -> LayerWeights:
        """The output weights of one block, with post-norm weights and residual multipliers folded in."""
        return output_weights.read(self._bridge, layer, self.compute_dtype)

    def neuron_inputs(self, layer: int) -> NeuronInputs | None:
        """The input directions of one block's neurons; None where single neurons are not available."""
        if not self.self_test.has(Capability.NEURONS):
            return None
        return input_weights.neuron_inputs(self._bridge, layer, self.compute_dtype)

    def head_inputs(self, layer: int) -> HeadInputs | None:
        """What one block's heads take from the stream; None where that could not be verified."""
        if any(finding.capability is Capability.CIRCUITS for finding in self.self_test.switched_off):
            return None  # while the check-up runs there is no finding, and it sees what is to be checked
        return attention_weights.head_inputs(self._bridge, layer, self.compute_dtype)

    def block_norms(self, layer: int) -> BlockNorms:
        """The norms in front of one block's attention and MLP."""
        return block_norms(self._bridge, layer, self.compute_dtype)

    def embedding(self, token_ids: Sequence[int] | None = None) -> Float[Tensor, "token d_model"]:
        """Tokens as they enter the stream, without positions: all, or some of them."""
        with self.lock:  # hooks of a run would see it
            factor = embedding_factor(self._config)
            return input_weights.embedding(self._bridge, token_ids, factor, self.compute_dtype)

    def _device_of(self, component: nn.Module) -> torch.device:
        """Where a component's weights are: a model may be spread over several devices."""
        weight = next(component.parameters(), None)
        return self.device if weight is None else weight.device

    def _measure(self) -> ModelDimensions:
        n_heads, d_head, d_model = self._bridge.blocks[0].attn.W_O.shape
        return ModelDimensions(
            n_layers=len(self._bridge.blocks),
            n_heads=n_heads,
            n_kv_heads=self._bridge.cfg.n_key_value_heads or n_heads,
            d_model=d_model,
            d_head=d_head,
            d_mlp=output_weights.neuron_count(self._bridge),
            d_vocab=self._bridge.unembed.weight.shape[0],
            n_context=context_length(self._config),
            parallel_blocks=Site.RESID_MID.at(0) not in self._hook_names,
            d_experts=expert_width(self._config) if output_weights.has_experts(self._bridge) else 0,
            attention_sinks=any(name.endswith("sinks") for name, _ in self._bridge.named_parameters()),
        )


def _as_bridge_hooks(hooks: Sequence[Hook]) -> list[tuple[str, Callable[..., Tensor | None]]]:
    return [(site.at(layer), _without_hook_point(apply)) for site, layer, apply in hooks]


def _without_hook_point(apply: Callable[[Tensor], Tensor | None]) -> Callable[..., Tensor | None]:
    """The bridge calls `apply(tensor, hook=point)`; the house keys hooks by site and layer instead."""
    return lambda tensor, hook: apply(tensor)
