"""Everything the dashboard keeps between reruns; all of it is shared by all visitors.

Keys are strings and frozen dataclasses and hold all that changes the result. Every cache is bounded: models
by their number, traces and contributions together by their bytes, background work by its number.
"""

import gc
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, TypeVar, cast

import streamlit as st

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.building import flow
from llm_tt.anatomy.measures import Measure, Numbers
from llm_tt.app.background import Background
from llm_tt.app.kept import KeptByBytes
from llm_tt.app.progress import progress_shown
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.method_list import DEFAULT_METHOD, WITHOUT_TARGET, Method
from llm_tt.attribution.methods import attribute_target
from llm_tt.attribution.target import Target
from llm_tt.concepts.notebook import Notebook
from llm_tt.errors import MemoryLimitError, PromptError
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.run import run_with_edits
from llm_tt.lens.layer_updates import LayerUpdates, Order, updates_of
from llm_tt.lens.lens_grid import LensGrid, lens_grid
from llm_tt.lens.position_overview import PositionOverview, overview_of
from llm_tt.lens.run_comparison import RunComparison, compare_runs
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.loading import load_model
from llm_tt.model.prompt import Prompt
from llm_tt.model.spec import ModelSpec
from llm_tt.settings import load_settings
from llm_tt.tracing.forward import capture
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace

T = TypeVar("T")

_settings = load_settings()  # one process serves one settings file

QUICK_GRID: Final = 3 * 10**10
"""Multiplications."""

TOP: Final = 6
"""Tokens of each run that a comparison lists."""

TOP_OF_NODES: Final = 10
"""Tokens that an anatomy keeps of each node."""

kept: Final = KeptByBytes(_settings.caches.trace_megabytes * 2**20)
"""Traces, contributions, and what is drawn from them."""

background: Final = Background(keep=64)
"""What pages show when it is there: measured curves, tokens for the cards."""


@dataclass(frozen=True, slots=True)
class Run:
    """A model, a text and what is changed on the way: what a trace is kept under."""

    spec: ModelSpec
    text: str
    edits: tuple[Edit, ...] = ()
    """Interventions that act in it."""


@st.cache_resource(max_entries=_settings.caches.models, show_spinner="Opening the model and checking it …")
def open_model(spec: ModelSpec) -> LanguageModel:
    """An opened model; one copy serves everybody, its lock keeps runs apart."""
    return load_model(spec)


@st.cache_resource(max_entries=_settings.caches.models)
def open_notebook(spec: ModelSpec) -> Notebook:
    """A model's names and notes on this machine; one object serves all threads."""
    return Notebook.of(open_model(spec))


@st.cache_resource
def settle_imports() -> None:
    """Once a process: keep what the imports made out of every later search for garbage.

    Streamlit searches after each run; among half a million objects of torch and its kin that takes longer
    than filling a card.
    """
    gc.collect()
    gc.freeze()


def run_prompt(run: Run) -> ForwardTrace:
    """The trace of a prompt, within the limits of the settings."""
    key = ("trace", run)

    def make() -> ForwardTrace:
        model = open_model(run.spec)
        prompt = tokenize_within_limits(model, run.text)
        limit = _settings.limits.memory_bytes
        if run.edits:
            with progress_shown("Running the prompt with interventions …", run) as report:
                return _unless_known(
                    key, lambda: run_with_edits(model, prompt, run.edits, memory_limit=limit, progress=report)
                )
        with progress_shown("Running the prompt …", run) as report:
            return _unless_known(key, lambda: capture(model, prompt, memory_limit=limit, progress=report))

    return kept.get(key, make, lambda trace: trace.n_bytes)


def contributions_of(run: Run, method: Method, target: Target) -> EdgeContributions:
    """Every edge's contribution; `target` is left out of the key where the method asks for none."""
    key = ("contributions", run, method, None if method in WITHOUT_TARGET else target)

    def make() -> EdgeContributions:
        model, trace = open_model(run.spec), run_prompt(run)
        with progress_shown("Attributing the prediction …", key) as report:
            return _unless_known(key, lambda: attribute_target(model, trace, method, target, progress=report))

    return kept.get(key, make, lambda shares: shares.n_bytes)


def comparison_of(base: Run, edited: Run, target: Target) -> RunComparison:
    """What interventions changed in a prediction."""
    return kept.get(
        ("comparison", base, edited, target),
        lambda: compare_runs(open_model(base.spec), run_prompt(base), run_prompt(edited), target, top=TOP),
        lambda comparison: 400 * len(comparison.states),
    )


def overview_of_run(run: Run, target: Target) -> PositionOverview:
    """What every layer does at the target's position."""
    return kept.get(
        ("overview", run, target),
        lambda: overview_of(open_model(run.spec), run_prompt(run), target),
        lambda overview: 300 * len(overview.states),
    )


def updates_of_run(run: Run, target: Target, layer: int, order: Order, top: int) -> LayerUpdates:
    """What one layer writes at the target's position, strongest first."""

    def make() -> LayerUpdates:
        shares = contributions_of(run, DEFAULT_METHOD, target)
        model, trace = open_model(run.spec), run_prompt(run)
        return updates_of(model, trace, layer, target, order=order, shares=shares, top=top)

    return kept.get(
        ("updates", run, target, layer, order, top), make, lambda updates: 600 * len(updates.rows)
    )


def anatomy_of_run(
    run: Run, target: Target, layers: tuple[int, ...], measure: Measure, numbers: Numbers
) -> AnatomyGraph:
    """Some layers down to single neurons."""

    def make() -> AnatomyGraph:
        model, trace = open_model(run.spec), run_prompt(run)
        with progress_shown("Dissecting the layers …", run) as report:
            return flow(
                model,
                trace,
                layers,
                target,
                measure=measure,
                numbers=numbers,
                top=TOP_OF_NODES,
                progress=report,
            )

    key = ("anatomy", run, target, layers, measure, numbers)
    return kept.get(key, make, lambda graph: 2 * graph.nodes.vectors.nbytes + 200 * len(graph.names))


def lens_grid_of(
    run: Run, model: LanguageModel, trace: ForwardTrace, token_id: int, report: Progress = silent
) -> LensGrid:
    """What every state predicts; model and trace are given, for threads that have no page."""
    return kept.get(
        ("lens grid", run, token_id),
        lambda: lens_grid(model, trace, token_id, report),
        lambda grid: 120 * grid.token_ids.size,
    )


def is_quick_grid(model: LanguageModel, trace: ForwardTrace) -> bool:
    """Whether a page may wait for it: a third of a second at most."""
    n_states = (trace.n_layers + 1) * len(trace.prompt)
    return n_states * model.dimensions.d_model * model.dimensions.d_vocab <= QUICK_GRID


def tokenize_within_limits(model: LanguageModel, text: str) -> Prompt:
    """The prompt's tokens, if this dashboard takes so many."""
    limits = _settings.limits
    _check_length(len(text), limits.prompt_characters, "characters")  # before the tokenizer spends seconds
    prompt = model.tokenize(text)
    _check_length(len(prompt), limits.prompt_tokens, "tokens")
    return prompt


def _unless_known(key: Hashable, make: Callable[[], T]) -> T:
    """Made now, unless somebody else made it while this visitor waited for a turn.

    When memory is full, what is kept makes room, once.
    """
    known = kept.known(key)
    if known is not None:
        return cast(T, known)
    try:
        return make()
    except MemoryLimitError:
        kept.clear()
        return make()


def _check_length(length: int, longest: int, unit: str) -> None:
    if length > longest:
        raise PromptError(
            asked="Trace a prompt.",
            found=f"It has {length:,} {unit}, and this dashboard takes at most {longest:,}.",
            remedy="Shorten it.",
        )
