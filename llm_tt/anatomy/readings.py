"""Many vectors read as tokens at once: the strongest and weakest tokens, the target's rank, the entropy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.anatomy.anatomy_graph import TokenColumns
from llm_tt.anatomy.node_kinds import Reading
from llm_tt.attribution.target import Target
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE, summary_of
from llm_tt.lens.token_products import token_divisors, token_products
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.frozen_norm import FrozenNorm
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

FURTHEST: Final = 100
"""Powers of two by which vectors are drawn to a usual size: beyond, single precision ends."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenSide:
    """How tokens meet directions along which the stream is read."""

    norm: FrozenNorm | None
    """What each of them passes before, alone; None where all are taken as they enter the stream."""
    cap: float | None
    """The bound that scores are bent under, in the families that have one."""

    @property
    def name(self) -> tuple[object, ...]:
        """Equal for sides that do the same: a norm's weight is in the directions."""
        norm = self.norm
        return (self.cap, None if norm is None else (norm.is_centred, norm.epsilon))

    def meet(
        self, model: LanguageModel, directions: Float[Tensor, "some d_model"]
    ) -> Float[Tensor, "some d_vocab"]:
        """One row a direction."""
        products = token_products(model, directions)
        if self.norm is not None:
            products = products / token_divisors(model, self.norm)
        return products if self.cap is None else self.cap * torch.tanh(products / self.cap)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads vectors at the target's position of one pass."""

    model: LanguageModel
    trace: ForwardTrace
    target: Target
    top: int

    @torch.no_grad()
    def read(
        self,
        reading: Reading,
        vectors: Float[Tensor, "some d_model"],
        into: TokenColumns,
        places: Int[np.ndarray, " some"],
        side: TokenSide | None = None,
    ) -> None:
        """Fill in the rows at some places; zero vectors are left out. Memory stays bounded.

        `side` is needed for what meets tokens.
        """
        is_something = (vectors != 0).any(-1)
        vectors, places = vectors[is_something], places[is_something.cpu().numpy()]
        for some, where in self._pieces(vectors, places):
            if reading is Reading.STATE:
                self._fill(into, where, self._logits(some), as_probabilities=True)
            elif reading is Reading.WRITTEN:
                scale = float(self.trace.final_norm_scale[self.target.position])
                drawn, sizes = _at_a_size(some)
                changes = self.model.read_part(drawn, scale).to(some.dtype)
                self._fill(into, where, changes, stretch=self._stretch(drawn), sizes=sizes)
            else:
                assert side is not None
                self._fill(into, where, side.meet(self.model, some))

    def _pieces(
        self, vectors: Tensor, places: Int[np.ndarray, " some"]
    ) -> Iterator[tuple[Tensor, Int[np.ndarray, " piece"]]]:
        rows = max(1, NUMBERS_AT_ONCE // self.model.dimensions.d_vocab)
        for start in range(0, len(vectors), rows):
            yield vectors[start : start + rows], places[start : start + rows]

    def _logits(self, states: Tensor) -> Tensor:
        return self.model.read_out(states).to(states.dtype)

    def _stretch(self, vectors: Float[Tensor, "some d_model"]) -> Float[Tensor, "some 1"]:
        """What draws vectors out to the length of the last state: so entropies of long and short compare."""
        lengths: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
        usual = float(self.trace.stream[-1, self.target.position].norm())
        return usual / lengths

    def _fill(  # noqa: PLR0913 (where numbers go, and what they are)
        self,
        into: TokenColumns,
        places: Int[np.ndarray, " some"],
        numbers: Float[Tensor, "some d_vocab"],
        *,
        as_probabilities: bool = False,
        stretch: Float[Tensor, "some 1"] | None = None,
        sizes: Float[Tensor, "some 1"] | None = None,
    ) -> None:
        best, lowest = strongest_tokens(numbers, self.top), strongest_tokens(-numbers, self.top)
        chosen, rejected = numbers.gather(-1, best), numbers.gather(-1, lowest)
        own = torch.full((len(numbers),), self.target.token_id)
        drawn_out = numbers if stretch is None else numbers * stretch
        summary = summary_of(drawn_out, own)
        if as_probabilities:
            total = numbers.logsumexp(-1, keepdim=True)
            chosen, rejected = (chosen - total).exp(), (rejected - total).exp()
            into.probability[places] = summary.target_probabilities.cpu().numpy()
        if sizes is not None:
            chosen, rejected = chosen * sizes, rejected * sizes
        into.promoted[places], into.promoted_by[places] = best.cpu().numpy(), chosen.cpu().numpy()
        into.suppressed[places], into.suppressed_by[places] = lowest.cpu().numpy(), rejected.cpu().numpy()
        into.rank[places] = summary.target_ranks.cpu().numpy()
        into.entropy[places] = summary.entropies.cpu().numpy()


def _at_a_size(
    vectors: Float[Tensor, "some d_model"],
) -> tuple[Float[Tensor, "some d_model"], Float[Tensor, "some 1"]]:
    """Vectors whose squares are numbers, and what they are to be multiplied by.

    A head may pay so little attention that the square of a message is nothing. Powers of two round nothing.
    """
    exponents = torch.frexp(vectors.abs().amax(-1, keepdim=True)).exponent.clamp(-FURTHEST, FURTHEST)
    sizes = torch.ldexp(torch.ones_like(vectors[:, :1]), exponents)
    return vectors / sizes, sizes
