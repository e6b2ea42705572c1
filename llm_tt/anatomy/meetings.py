"""How tokens meet the queries, keys and neurons of one layer."""

from dataclasses import dataclass

from llm_tt.anatomy.node_kinds import Reading
from llm_tt.anatomy.readings import TokenSide
from llm_tt.lens.token_products import token_divisors
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Each with the factor of its directions: the scale of scores, or what brings inputs to their size."""

    score: tuple[TokenSide, float] | None
    """Of queries and keys; None where they cannot be read."""
    neuron: tuple[TokenSide, float]

    @classmethod
    def of_layer(cls, model: LanguageModel, layer: int, inputs: HeadInputs | None) -> "Meetings":
        """Heads meet tokens that have passed the norm in front of them, each alone.

        Neurons meet them as they enter the stream, as on their cards, divided by what the norm in front of
        the MLP usually divides tokens by.
        """
        divisors = token_divisors(model, model.block_norms(layer).mlp)
        neuron = (TokenSide(None, None), 1 / float(divisors.mean()))
        if inputs is None:
            return cls(None, neuron)
        return cls((TokenSide(inputs.norm, inputs.score_cap), inputs.score_scale), neuron)

    def of(self, reading: Reading) -> tuple[TokenSide, float]:
        """What a reading of this layer needs."""
        if reading is Reading.EXCITED_BY:
            return self.neuron
        assert self.score is not None
        return self.score
