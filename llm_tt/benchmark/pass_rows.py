"""What is measured: the work of one graph, at a few prompt lengths, on GPT-2 small's shape."""

from collections.abc import Callable, Iterator

import torch

from llm_tt.anatomy.building import flow
from llm_tt.attribution import proximity
from llm_tt.attribution.baseline import baseline_of
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.messages import layer_messages
from llm_tt.attribution.methods import attribute
from llm_tt.attribution.neurons import attribute_neurons
from llm_tt.benchmark.row import Row
from llm_tt.benchmark.timing import against, peak_bytes, repeated_seconds
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.building import build_graph
from llm_tt.lens.promotion import promoted_tokens
from llm_tt.lens.token_ranking import rank_tokens
from llm_tt.lens.written import written_by
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.forward import capture
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

MEBIBYTE = 2**20


class Case:
    """One prompt length: its trace, and the plain forward pass that everything is measured against."""

    def __init__(self, model: LanguageModel, n_tokens: int, turns: int) -> None:
        self.model = model
        self.n_tokens = n_tokens
        self.turns = turns
        self.prompt = model.tokenize("x" * n_tokens)  # the untrained model has one token a byte
        self.trace: ForwardTrace = capture(model, self.prompt)
        self.shares: EdgeContributions = attribute(model, self.trace)

    def forward(self) -> object:
        """The yardstick."""
        with torch.no_grad():
            return self.model.run(self.prompt.token_ids)

    def ratio(self, work: str, run: Callable[[], object], goal: float | None = None) -> Row:
        """Time in forward passes."""
        taken = against(run, self.forward, self.turns)
        return Row(
            work, self.n_tokens, f"{taken.value:.2f} x", f"{taken.low:.2f}-{taken.high:.2f}",
            "" if goal is None else f"≤ {goal:g} x", None if goal is None else taken.value <= goal,
        )  # fmt: skip

    def waited(self, work: str, run: Callable[[], object], goal: float) -> Row:
        """Time that a person waits."""
        return Row.waited(work, self.n_tokens, repeated_seconds(run, 3 * self.turns), goal)

    def memory(self, work: str, goal: float) -> Row:
        """Memory of an attribution beyond what was there before."""
        grown = peak_bytes(lambda: attribute(self.model, self.trace)) / MEBIBYTE
        return Row(work, self.n_tokens, f"{grown:.0f} MiB", "peak", f"≤ {goal:g} MiB", grown <= goal)


def pass_rows(model: LanguageModel, lengths: tuple[int, ...], turns: int) -> Iterator[Row]:
    """Every row, as soon as it is measured."""
    baseline_of(model, "mean")  # once for each model, so no part of any row
    attribute(model, capture(model, "x"))  # compiles, or loads what was compiled
    for n_tokens in lengths:
        case = Case(model, n_tokens, turns)
        yield from _passes(case)
        if n_tokens == 32:
            yield _curve(case)
        if n_tokens == 128:
            yield from _clicks(case)
    # Large blocks that were freed change how the allocator treats later ones: a ratio would mix both ways.
    if 32 in lengths:
        yield from _anatomies(Case(model, 32, turns))
    # Last, because freed memory is given back for it, and what comes next would have to ask for it anew.
    for n_tokens, goal in ((128, 100.0), (512, 400.0)):
        if n_tokens in lengths:
            yield Case(model, n_tokens, turns).memory("ifr, memory", goal)


def _passes(case: Case) -> Iterator[Row]:
    model, trace, at_128, at_512 = case.model, case.trace, case.n_tokens == 128, case.n_tokens == 512
    exact = lambda: attribute(model, trace, "ifr")  # noqa: E731
    yield case.ratio("capture", lambda: capture(model, case.prompt), 1.1)
    yield case.ratio("ifr, exact, all rows", exact, 0.3 if at_128 else 1.0 if at_512 else None)
    if at_128:
        yield _kernel(case)
    yield case.ratio("ifr, l2", lambda: attribute(model, trace, "ifr", norm="l2"))
    goal = 4.0 if at_128 else None
    yield case.ratio("relp, whole", lambda: attribute(model, trace, "relp"), goal)
    yield case.ratio("gradact, whole", lambda: attribute(model, trace, "gradact"), goal)


def _kernel(case: Case) -> Row:
    """What the compiled kernel is worth: one layer in torch, in kernel times."""
    trace, weights = case.trace, case.model.layer_weights(6)
    messages = layer_messages(trace, 6, weights)
    whole, result = trace.resid_post[6] - trace.mlp_out[6], torch.empty_like(messages.coefficient)
    taken = against(
        lambda: proximity.of_messages_in_chunks(whole, messages.vectors, messages.coefficient, result),
        lambda: proximity.of_messages([proximity.MessageSum(whole, messages, result)], "l1"),
        case.turns,
    )
    spread = f"{taken.low:.1f}-{taken.high:.1f}"
    return Row(
        "chunks of torch against the kernel",
        case.n_tokens,
        f"{taken.value:.1f} x",
        spread,
        "",
        None,
    )


def _curve(case: Case) -> Row:
    """What the slider's meter needs: 12 densities, as many random graphs, and the empty one."""
    whole = build_graph(case.shares)
    curve = lambda: faithfulness_curve(case.model, case.trace, whole)  # noqa: E731
    return case.ratio("faithfulness curve, 12 densities", curve, 15.0)


def _anatomies(case: Case) -> Iterator[Row]:
    """Layers down to single neurons, every node read as tokens."""
    last = case.trace.n_layers - 1
    for work, layers, goal in (
        ("anatomy of one layer", range(last, last + 1), 1.5),
        ("anatomy of three layers", range(last - 2, last + 1), 4.0),
    ):
        yield case.waited(work, lambda shown=layers: flow(case.model, case.trace, shown), goal)  # type: ignore[misc]


def _clicks(case: Case) -> Iterator[Row]:
    model, trace, shares = case.model, case.trace, case.shares
    yield case.waited("graph and survival", lambda: build_graph(shares), 0.050)
    yield case.waited(
        "neurons of one MLP, ifr",
        lambda: attribute_neurons(model, trace, shares, layer=6, position=case.n_tokens - 1),
        0.050,
    )
    signed = attribute(model, trace, "relp")
    yield case.waited(
        "neurons of one MLP, relp",
        lambda: attribute_neurons(model, trace, signed, layer=6, position=case.n_tokens - 1),
        0.050,
    )
    last = case.n_tokens - 1
    yield case.waited("tokens of a state", lambda: rank_tokens(model, trace.resid_post[6, -1]), 0.050)
    for name, part in (("head", Part.named(f"L6H5@{last}")), ("neuron", Part.named(f"L6N321@{last}"))):
        yield case.waited(f"tokens of a {name}", lambda part=part: _tokens(model, trace, part), 0.050)  # type: ignore[misc]


def _tokens(model: LanguageModel, trace: ForwardTrace, part: Part) -> object:
    return promoted_tokens(model, trace, written_by(model, trace, part), part.position)
