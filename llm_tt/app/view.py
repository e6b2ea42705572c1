"""`View`: everything that one visitor is looking at, as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from llm_tt.app.cached import Run, contributions_of, open_model, run_prompt
from llm_tt.attribution.baseline import BaselineName
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.method_list import Method
from llm_tt.attribution.neurons import NeuronContributions, attribute_neurons
from llm_tt.attribution.target import Target
from llm_tt.intervention.run import AppliedEdits
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
    def run(self) -> Run:
        """What this is the pass of."""
        made = self.trace.changes
        edits = made.edits if isinstance(made, AppliedEdits) else ()
        return Run(self.model.spec, self.trace.prompt.text, tuple(edits))

    def later(self) -> "Callable[[], View]":
        """The same view, for what stays with the visit: callbacks and fragments.

        Nobody may keep a pass there: it would stay as long as the tab is open, whatever bounds the cache.
        """
        run, settings, names, baseline = self.run, self.settings, self.names, self.baseline
        method, target = cast(Method, self.shares.method), self.target

        def again() -> View:
            shares = contributions_of(run, method, target)
            return View(settings, open_model(run.spec), run_prompt(run), shares, target, baseline, names)

        return again

    @property
    def tokens(self) -> tuple[str, ...]:
        """The prompt's tokens as text."""
        return self.trace.prompt.token_strings
