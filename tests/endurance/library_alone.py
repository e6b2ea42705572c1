"""What the library computes by itself, in this process: one question after the other, without a page."""

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

from cachetools import LRUCache
from torch import Tensor

import llm_tt
from llm_tt.attribution.divergence import divergence
from llm_tt.attribution.methods import attribute_target
from llm_tt.attribution.target import Target, resolve_target, token_id_of
from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.task_entries import entries_of_tasks
from llm_tt.errors import LlmTtError, TargetError
from llm_tt.intervention.checking import check_edits
from llm_tt.intervention.edits import Edit
from llm_tt.lens.lens_grid import LensGrid, lens_grid
from llm_tt.lens.token_ranking import TokenRanking, rank_logits
from llm_tt.summaries.report import Report, summarize_runs
from llm_tt.summaries.runs import runs_of_table
from tests.endurance.asked import Asked

T = TypeVar("T")
Edits = tuple[Edit, ...]

TASKS = ("indirect_object", "induction")
N_PROMPTS = 40
"""What the page Roles begins with."""


class LibraryAlone:
    """Answers for what visitors ask; the last ones are kept."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources
        self._one_at_a_time = threading.RLock()
        self._kept: LRUCache[Hashable, object] = LRUCache(150)

    def model(self, name: str) -> llm_tt.LanguageModel:
        """Opened once."""
        return self._once(("model", name), lambda: llm_tt.load_model(self._sources[name]), forever=True)

    def trace(self, asked: Asked, edits: Edits = ()) -> llm_tt.ForwardTrace:
        """A pass, with edits or without."""
        model, prompt = self.model(asked.model), asked.prompt
        make = (
            (lambda: llm_tt.run_with_edits(model, prompt, edits))
            if edits
            else (lambda: llm_tt.capture(model, prompt))
        )
        return self._once(("trace", asked.model, prompt, edits), make)

    def acting(self, asked: Asked) -> Edits:
        """The edits that are switched on and can act on this prompt in this model."""
        model, n_positions = self.model(asked.model), len(self.trace(asked).prompt)

        def can_act(edit: Edit) -> bool:
            try:
                check_edits(model, [edit], n_positions)
            except LlmTtError:
                return False
            return True

        return tuple(edit for edit, on in asked.edits if on and can_act(edit))

    def position(self, asked: Asked) -> int:
        """From 0."""
        return len(self.trace(asked).prompt) - 1 if asked.position is None else asked.position

    def target(self, asked: Asked) -> tuple[Target, bool]:
        """What is explained; and whether the page has to say that the tokens make no target."""
        model, trace, position = self.model(asked.model), self.trace(asked), self.position(asked)
        token, contrast = (
            None if text is None else token_id_of(model, text.replace("·", " ").strip('"'))
            for text in (asked.token, asked.contrast)
        )
        try:
            return resolve_target(model, trace, position=position, token=token, contrast=contrast), False
        except TargetError:
            return resolve_target(model, trace, position=position), True

    def shares(self, asked: Asked, method: str, edits: Edits = ()) -> llm_tt.EdgeContributions:
        """Every edge's contribution."""
        target, _ = self.target(asked)
        model, trace = self.model(asked.model), self.trace(asked, edits)
        key = ("shares", asked.model, asked.prompt, edits, method, target)
        return self._once(key, lambda: attribute_target(model, trace, method, target))

    def graph(self, asked: Asked, method: str, edits: Edits, position: int) -> llm_tt.FlowGraph:
        """The graph of one prediction."""
        shares = self.shares(asked, method, edits)
        key = ("graph", asked.model, asked.prompt, edits, method, shares.target, position)
        return self._once(key, lambda: llm_tt.build_graph(shares, target_position=position))

    def ranking(self, asked: Asked, edits: Edits = (), top: int = 12) -> TokenRanking:
        """The strongest tokens at the position that is looked at."""
        logits = self.trace(asked, edits).logits[self.position(asked)]
        return rank_logits(self.model(asked.model), logits, top=top)

    def logits(self, asked: Asked, edits: Edits = ()) -> Tensor:
        """Of the prediction that is looked at."""
        return self.trace(asked, edits).logits[self.position(asked)]

    def divergence(self, asked: Asked, edits: Edits) -> float:
        """In nats."""
        return float(divergence(self.logits(asked), self.logits(asked, edits)))

    def written(self, asked: Asked, edits: Edits) -> list[tuple[str, float]]:
        """The tokens that the model writes on, with their probabilities."""
        key = ("written", asked.model, asked.prompt, edits)
        make = lambda: llm_tt.generate(self.model(asked.model), asked.prompt, edits)  # noqa: E731
        return [(token.string, token.probability) for token in self._once(key, make).tokens]

    def search(self, asked: Asked):
        """The neurons that a search finds."""
        model = self.model(asked.model)
        make = lambda: llm_tt.build_index(model, in_memory=True)  # noqa: E731
        index = self._once(("index", asked.model), make, forever=True)
        return self._once(("search", asked.model, asked.query), lambda: index.search(asked.query, top=20))

    def lens_map(self, asked: Asked) -> LensGrid:
        """What every state predicts."""
        token_id = self.target(asked)[0].token_id
        make = lambda: lens_grid(self.model(asked.model), self.trace(asked), token_id)  # noqa: E731
        return self._once(("lens", asked.model, asked.prompt, token_id), make)

    def anatomy(self, asked: Asked, layers: tuple[int, ...]):
        """Some layers down to single neurons."""
        target = self.target(asked)[0]
        model, trace = self.model(asked.model), self.trace(asked)
        make = lambda: llm_tt.anatomy.flow(model, trace, layers, target, top=10)  # noqa: E731
        return self._once(("anatomy", asked.model, asked.prompt, target, layers), make)

    def comparison(self, asked: Asked) -> llm_tt.Comparison:
        """Both prompts, each with its own prediction."""

        def make() -> llm_tt.Comparison:
            model = self.model(asked.model)
            sides = (asked.prompt, asked.other_prompt or asked.prompt)
            return llm_tt.compare(*(llm_tt.explain(model, prompt, asked.method) for prompt in sides))

        return self._once(("comparison", asked.model, asked.prompt, asked.other_prompt, asked.method), make)

    def roles(self, asked: Asked) -> Report:
        """What many prompts of the first tasks say together."""

        def make() -> Report:
            entries = entries_of_tasks(TASKS, N_PROMPTS)
            options = BatchOptions(methods=("relp",), measure=False)
            rows, _ = measure_all(self.model(asked.model), entries, options)
            return summarize_runs(runs_of_table(rows, "alone"), "relp", None)

        return self._once(("roles", asked.model), make, forever=True)

    def _once(self, key: Hashable, make: Callable[[], T], *, forever: bool = False) -> T:
        with self._one_at_a_time:
            if forever:
                known = self.__dict__.setdefault("_forever", {})
                if key not in known:
                    known[key] = make()
                return known[key]
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]  # type: ignore[return-value]
