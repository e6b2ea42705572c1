"""What the house asks of a model. Everything above this floor sees only these names."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.axes import Logits
from llm_tt.model.check_up import CheckUp
from llm_tt.model.dimensions import ModelDimensions
from llm_tt.model.frozen_norm import BlockNorms
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.hook_names import Site
from llm_tt.model.prompt import Prompt
from llm_tt.model.spec import ModelSpec


class Hook(NamedTuple):
    """Read or replace what flows at one place; returning None leaves it as it is."""

    site: Site
    layer: int
    apply: Callable[[Tensor], Tensor | None]


@dataclass(frozen=True, slots=True, eq=False)
class LayerWeights:
    """The output side of one block, with everything linear folded in.

    A post-norm's weight and a residual multiplier are already multiplied in, so that
    `(activation @ weight + bias) * scale` is what the block adds, `scale` being one per position
    (from the trace; 1 without post-norms).
    """

    head_out: Float[Tensor, "head d_head d_model"]
    attention_bias: Float[Tensor, " d_model"]
    neuron_out: Float[Tensor, "d_mlp d_model"] | None
    """None where the MLP is no sum of neurons (a mixture of experts)."""
    mlp_bias: Float[Tensor, " d_model"]


@dataclass(frozen=True, slots=True, eq=False)
class NeuronInputs:
    """What the neurons of one block read from the stream, with the norm in front folded in.

    `state @ direction * factor of that norm + a constant` is what the neuron gets.
    """

    activated: Float[Tensor, "d_mlp d_model"]
    """Read by the activation function."""
    factor: Float[Tensor, "d_mlp d_model"] | None
    """In gated MLPs, read by what the activation is multiplied with; None in plain ones."""


@runtime_checkable
class LanguageModel(Protocol):
    """An opened model: sizes, tokens, output weights, and one way to run it."""

    spec: ModelSpec
    dimensions: ModelDimensions
    self_test: CheckUp
    lock: threading.RLock
    """Hooks live on the shared module. `run` takes the lock; hold it yourself around several runs that
    belong together, such as a generation."""

    @property
    def device(self) -> torch.device:
        """Where prompts go in and traces are kept."""

    @property
    def compute_dtype(self) -> torch.dtype:
        """The precision of traces and contributions: float32, or float64 for a float64 model."""

    @property
    def fingerprint(self) -> str:
        """A name for weights, tokens and what else decides what they mean: equal models have equal ones."""

    def tokenize(self, text: str) -> Prompt:
        """Split a text as the model's own tokenizer does."""

    def token_strings(self, token_ids: Sequence[int]) -> tuple[str, ...]:
        """Readable strings of any tokens of the vocabulary."""

    def text_of(self, token_ids: Sequence[int]) -> str:
        """The text that tokens spell, special ones included."""

    @property
    def end_tokens(self) -> frozenset[int]:
        """Tokens with which a text ends; none where the model has no such token."""

    def layer_weights(self, layer: int) -> LayerWeights:
        """The output weights of one block in `compute_dtype`; views where nothing had to be folded."""

    def neuron_inputs(self, layer: int) -> NeuronInputs | None:
        """The input directions of one block's neurons; None where single neurons are not available."""

    def head_inputs(self, layer: int) -> HeadInputs | None:
        """What one block's heads take from the stream; None where that could not be verified."""

    def block_norms(self, layer: int) -> BlockNorms:
        """The norms in front of one block's attention and MLP."""

    def embedding(self, token_ids: Sequence[int] | None = None) -> Float[Tensor, "token d_model"]:
        """Tokens as they enter the stream, without positions: all, or some of them.

        A view for a range of tokens where the model does nothing to them; else a copy.
        """

    def read_out(self, states: Float[Tensor, "*position d_model"]) -> Logits:
        """Final norm, unembedding, and the model's own scaling or cap: what a state would predict."""

    def read_part(
        self, parts: Float[Tensor, "*part d_model"], final_scale: Float[Tensor, "*part"] | float
    ) -> Logits:
        """What each part of a last state adds to the logits; `final_scale` is the trace's, held constant.

        Linear: what the parts of a state add, plus `read_out` of a state of zeros (the biases, which no part
        sent), is `read_out` of the state before any cap. Needs no run.
        """

    def unembedding(self, token_ids: Sequence[int]) -> Float[Tensor, "token d_model"]:
        """The directions that `read_part` reads the logits of some tokens along, with a scale of 1.

        `part @ unembedding([token]).T` is what a part adds to that token's logit, up to the final scale.
        """

    def cap_logits(self, logits: Logits) -> Logits:
        """The bound that some families bend their logits under; in all others, the logits."""

    def run(self, token_ids: Sequence[int], hooks: Sequence[Hook] = ()) -> Float[Tensor, "pos d_vocab"]:
        """One forward pass over one prompt. Takes the lock; gradients follow the caller's mode."""

    def run_copies(
        self, token_ids: Sequence[int], copies: int, hooks: Sequence[Hook] = ()
    ) -> Float[Tensor, "copy pos d_vocab"]:
        """The same over equal copies at once; hooks see the copies as the first axis."""

    def run_rows(
        self, rows: Sequence[Sequence[int]], hooks: Sequence[Hook] = ()
    ) -> Float[Tensor, "row pos d_vocab"]:
        """The same over several prompts of one length at once."""

    def run_cached(
        self, token_ids: Sequence[int], past: object, hooks: Sequence[Hook] = ()
    ) -> tuple[Float[Tensor, "pos d_vocab"], object]:
        """The next tokens behind `past`, None at first: their logits, and the past of those behind them.

        Hooks see the new positions only; a pattern's keys are the last ones that its layer may attend to. A
        past is used up by a run.
        """

    def has_site(self, site: Site) -> bool:
        """Whether every block of this model has that place."""
