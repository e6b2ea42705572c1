"""What each page shows against what the library computes alone; empty lists where both agree."""

import re

import numpy as np

from llm_tt.attribution.target import Target
from llm_tt.render.position_axis import position_name
from llm_tt.render.role_words import roles_sentence, stability_sentence
from llm_tt.render.visible_text import visible_token
from tests.endurance.asked import Asked
from tests.endurance.graph_checks import (
    check_columns,
    check_cut,
    check_difference,
    check_flow,
    check_prediction,
)
from tests.endurance.library_alone import Edits, LibraryAlone
from tests.endurance.page_reading import Read


def check_page(library: LibraryAlone, asked: Asked, read: Read | None) -> list[str]:
    """What is wrong on the page that was asked for."""
    if read is None:
        return ["it shows nothing"]
    return CHECKS[asked.page](library, asked, read)


def refusals_expected(library: LibraryAlone, asked: Asked) -> int:
    """How many boxes the page has to show: one where token and contrast are the same."""
    return 0 if asked.page == "Roles" else int(library.target(asked)[1])


def check_compared(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """Both graphs, or what became of each edge."""
    graphs = read["graphs"]
    if len(graphs) != (2 if asked.compare_view == "sides" else 1):
        return [f"{len(graphs)} graphs"]
    both = library.comparison(asked)
    runs = (both.first, both.second)
    if asked.compare_view == "difference":
        (shown,) = graphs
        pair = both.common_graphs()
        tokens = both.alignment.labels(
            *([visible_token(t) for t in run.trace.prompt.token_strings] for run in runs)
        )
        if shown["tokens"] != list(tokens):
            return [f"other columns: {shown['tokens'][:8]}"]
        if shown["method"] != asked.method:
            return [f"method {shown['method']}"]
        wrong = check_columns(shown, pair.first, pair.second)
        return wrong + check_difference(shown, pair.first, pair.second)
    wrong = []
    for side, shown, run in zip("AB", graphs, runs, strict=True):
        if shown["tokens"] != [visible_token(token) for token in run.trace.prompt.token_strings]:
            return [f"{side}: another prompt: {shown['tokens'][:8]}"]
        if shown["method"] != asked.method:
            return [f"{side}: method {shown['method']}"]
        said = run.graph.record.predictions[run.target.position]
        found = check_prediction(shown["prediction"], said.token, said.probability)
        found += check_columns(shown, run.graph, None) + check_cut(shown, run.graph)
        wrong += [f"{side}: {one}" for one in found]
    return wrong


def check_anatomy(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """Nodes, their order, what they add, and where their best token ranks."""
    tokens = [visible_token(token) for token in library.trace(asked).prompt.token_strings]
    if read["tokens"] != tokens:
        return [f"another prompt: {read['tokens'][:8]}"]
    if read["position"] != library.position(asked):
        return [f"position {read['position']}"]
    if max(read["layers"]) >= library.model(asked.model).dimensions.n_layers:
        return [f"layers of another model: {read['layers']}"]
    truth = library.anatomy(asked, tuple(read["layers"]))
    if read["name"] != list(truth.names):
        return [f"other nodes: {sorted(set(read['name']) ^ set(truth.names))[:5]}"]
    numbers = np.array([np.nan if number is None else number for number in read["contribution"]])
    largest = float(np.nanmax(np.abs(truth.nodes.contribution)))
    if not np.allclose(numbers, truth.nodes.contribution, rtol=1e-3, atol=1e-4 * largest, equal_nan=True):
        return ["nodes add something else"]
    if read["rank"] != [rank or None for rank in truth.nodes.rank.tolist()]:
        return ["other ranks"]
    return []


def check_trace(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """The map of the lens, and the heading of the open layer."""
    truth = library.lens_map(asked).target_probabilities
    drawn = np.array(read["map"])
    if drawn.shape != truth.shape:
        return [f"a map of {drawn.shape}, not {truth.shape}"]
    if not np.allclose(drawn, truth, rtol=1e-3, atol=1e-5):
        return [f"the map is off by {np.abs(drawn - truth).max():.3g}"]
    position = library.position(asked)
    where = f"at {position_name(position, library.trace(asked).prompt.token_strings[position])}"
    if not any(
        re.match(r"Layer \d+ ", text) and where in text.replace("\u2060", "") for text in read["headings"]
    ):
        return [f"no layer is open {where}: {read['headings']}"]
    return []


def check_intervene(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """The numbers of the effect, and the line above the list."""
    acting = library.acting(asked)
    if not acting:
        words = "Nothing acts" if asked.edits else "Nothing is changed yet"
        return [] if words in read["says"] and not read["metrics"] else [f"not said: {words}"]
    target, _ = library.target(asked)
    return check_effect(effect_of(library, asked, acting, target), read["metrics"])


def effect_of(
    library: LibraryAlone, asked: Asked, edits: Edits, target: Target
) -> tuple[float, float, int, float]:
    """Probability in percent, logit or difference, rank, and divergence; from the logits alone."""
    logits = library.logits(asked, edits)
    probability = 100 * float(logits.softmax(-1)[target.token_id])
    rank = 1 + int((logits > logits[target.token_id]).sum())
    return probability, float(target.measure(logits)), rank, library.divergence(asked, edits)


def check_effect(truth: tuple[float, float, int, float], metrics: list[str]) -> list[str]:
    """Four numbers, rounded as the page rounds them."""
    if len(metrics) != 4:
        return [f"{len(metrics)} numbers of the effect"]
    found = [number_in(text) for text in metrics]
    allowed = (0.0502, 0.00502, 0.0, 0.006 * truth[3] + 2e-6)
    return [
        f"{name} {number}, not {right:.5g}"
        for name, number, right, room in zip(
            ("probability", "logit", "rank", "divergence"), found, truth, allowed, strict=True
        )
        if abs(number - right) > room
    ]


def number_in(text: str) -> float:
    """The number that a text begins with, as pages write it; infinity where it begins with none."""
    found = re.match(r"[<>\s]*([−-]?\d[\d.,]*(e-?\d+)?)", text)
    return float(found[1].replace(",", "").replace("−", "-")) if found else float("inf")


def check_written(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """Both texts, token by token with their probabilities."""
    truths = [library.written(asked, edits) for edits in ((), library.acting(asked))]
    if len(read["written"]) != 2:
        return [f"{len(read['written'])} texts"]
    for name, titles, truth in zip(("base", "edited"), read["written"], truths, strict=True):
        said = [re.fullmatch(r"(.*)  [<>\s]*([\d.]+)\s?%", title, re.DOTALL) for title in titles]
        if [found and found[1] for found in said] != [visible_token(token) for token, _ in truth]:
            return [f"the {name} model writes {titles}, not {[token for token, _ in truth]}"]
        if any(
            abs(float(found[2]) - 100 * share) > 0.0502 for found, (_, share) in zip(said, truth, strict=True)
        ):
            return [f"probabilities of what the {name} model writes: {titles}"]
    return []


def check_concepts(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """The neurons that were found, in their order."""
    if (read["query"] or "") != asked.query:
        return [f"the question is {read['query']!r}"]
    if not asked.query:
        return [] if not read["titles"] else ["neurons without a question"]
    result = library.search(asked)
    titles = [f"L{hit.layer}N{hit.neuron}" for hit in result.hits]
    if read["titles"] != titles:
        return [f"found {read['titles'][:4]}…, not {titles[:4]}…"]
    count = "1 list found." if result.n_found == 1 else f"{result.n_found:,} lists found"
    said = read["says"].replace("\u2060", "")
    if result.hits and count not in said:
        return [f"not said: {count}"]
    if not result.hits and result.hint.split(":")[0] not in said:
        return [f"not said: {result.hint}"]
    return []


def check_roles(library: LibraryAlone, asked: Asked, read: Read) -> list[str]:
    """What the heads and MLPs bring over all prompts, and the sentences below."""
    report = library.roles(asked)
    said = read["says"].replace("\u2060", "")
    sentences = (roles_sentence(report.roles, report.parts.method), stability_sentence(report.stability))
    wrong = [f"not said: {sentence}" for sentence in sentences if sentence not in said]
    drawn = np.array([[np.nan if cell is None else cell for cell in row] for row in read["map"]], dtype=float)
    for row in report.parts.rows:
        part = row.component
        column = drawn.shape[1] - 1 if part.head is None else part.head
        if not np.isclose(drawn[part.layer, column], row.share.mean, rtol=1e-3, atol=1e-5):
            wrong.append(f"{part.name} has {drawn[part.layer, column]:.4g}, not {row.share.mean:.4g}")
    return wrong[:5]


CHECKS = {
    "Flow": check_flow,
    "Compare": check_compared,
    "Anatomy": check_anatomy,
    "Trace": check_trace,
    "Intervene": check_intervene,
    "Concepts": check_concepts,
    "Roles": check_roles,
}
