"""`View`: everything that one visitor is looking at, as one value."""

from dataclasses import dataclass, field

from llm_tt.attribution.baseline import BaselineName
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.neurons import NeuronContributions, attribute_neurons
from llm_tt.attribution.target import Target
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.part_words import Names
from llm_tt.settings import AppSettings
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One prompt's pass through one model, and how it was attributed."""

    settings: AppSettings
    model: LanguageModel
    trace: ForwardTrace
    shares: EdgeContributions
    target: Target
    """The token whose rank is followed; `shares` need not know it."""
    baseline: BaselineName = "mean"
    """What `shares` were compared with; neurons are compared with the same."""
    names: Names = field(default_factory=dict)
    """What this person calls components."""

    def neurons(self, layer: int, position: int) -> NeuronContributions:
        """What the neurons of one MLP contributed, by the method of `shares`."""
        return attribute_neurons(
            self.model, self.trace, self.shares, layer=layer, position=position, baseline=self.baseline
        )

    @property
    def tokens(self) -> tuple[str, ...]:
        """The prompt's tokens as text."""
        return self.trace.prompt.token_strings
