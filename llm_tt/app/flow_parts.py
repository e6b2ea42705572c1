"""What the graph component gets: its bytes at once, and news when they are there."""

import hashlib
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.background import Answer
from llm_tt.app.cached import (
    Run,
    background,
    contributions_of,
    is_quick_grid,
    kept,
    lens_grid_of,
    open_model,
    run_prompt,
)
from llm_tt.app.chosen import what_was_chosen
from llm_tt.app.components.flow import send_news
from llm_tt.app.notes import names_of
from llm_tt.app.notices import errors_shown
from llm_tt.app.question import Question
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.attribution.target import Target
from llm_tt.faithfulness.curve import faithfulness_curve
from llm_tt.graph.building import build_graph
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.flow_news import curve_news, densities_of_meter, node_labels, reads_every_state
from llm_tt.render.flow_payload import FlowCaption, OtherRun, flow_payload
from llm_tt.render.graph_html import EDITED
from llm_tt.render.target_label import target_label
from llm_tt.render.visible_text import visible_token
from llm_tt.settings import AppSettings
from llm_tt.tracing.progress import Progress
from llm_tt.tracing.trace import ForwardTrace

NOT_MEASURED: Final = "faithfulness is measured for the base run"


@dataclass(frozen=True, slots=True)
class Picture:
    """Which graph: a plain value, and a key."""

    run: Run
    question: Question
    prompt: str
    """Name of prompt and model."""
    other_run: Run | None = None
    """Where the graph shows what changed: the run with interventions."""

    @property
    def name(self) -> str:
        """Tells apart what was computed; without the position where the method asks for none."""
        runs = (self.run.edits, None if self.other_run is None else self.other_run.edits)
        asked = (self.question.method, self.question.compared_with, runs)
        target = self.question.target if self._asks_for_target else None
        return hashlib.sha256(repr((self.prompt, asked, target)).encode()).hexdigest()[:16]

    @property
    def _asks_for_target(self) -> bool:
        methods = (self.question.method, self.question.compared_with)
        return any(method is not None and method not in WITHOUT_TARGET for method in methods)


def payload_of(picture: Picture) -> bytes:
    """The bytes of the graph, made once."""
    return kept.get(("payload", picture), lambda: _make_payload(picture), len)


@st.fragment
def show_news(settings: AppSettings, picture: Picture) -> None:
    """Bring what is known by now to the graph; the browser comes back while something is missing."""
    before = st.session_state.get("awaited")
    if before not in (None, picture):  # nobody waits for the graph before this one
        background.drop(("curve", before))
    st.session_state["awaited"] = picture
    with errors_shown(settings):
        send_news(_news(picture) | {"names": dict(names_of(settings, open_model(picture.run.spec)))})


def _news(picture: Picture) -> dict[str, object]:
    model, trace, shares = _of(picture)  # here, because the other thread has no page to show progress on
    target = picture.question.target
    labels = background.ask(
        ("labels", picture.prompt, picture.run.edits, None if reads_every_state(trace) else target.position),
        lambda report: _labels(model, trace, shares, target, report),
    )
    _read_ahead(picture, model, trace)
    curve = Answer(value={"points": [], "note": NOT_MEASURED})
    if not picture.run.edits and picture.other_run is None:
        curve = background.ask(
            ("curve", picture), lambda report: _curve(model, trace, shares, target, report)
        )
    return {
        "run": picture.name,
        "prompt": picture.prompt,
        "target": target.position,
        "labels": labels.value,
        "curve": _curve_or_reason(curve),
        "measured": curve.share,
        "pending": labels.is_pending or curve.is_pending,
        "chosen": what_was_chosen(),
    }


def what_is_known(settings: AppSettings, picture: Picture) -> dict[str, object]:
    """The news of now, for a file: nobody will ask again."""
    news = _news(picture)
    names = dict(names_of(settings, open_model(picture.run.spec)))
    return {"labels": news["labels"] or {}, "curve": news["curve"], "names": names}


def _read_ahead(picture: Picture, model: LanguageModel, trace: ForwardTrace) -> None:
    """The Trace page's map, while nobody waits for it."""
    token_id = picture.question.target.token_id
    if is_quick_grid(model, trace) and model.self_test.has(Capability.LENS):
        background.ask(
            ("lens map", picture.run, token_id),
            lambda report: lens_grid_of(picture.run, model, trace, token_id, report),
        )


def _make_payload(picture: Picture) -> bytes:
    question, run = picture.question, picture.run
    model = open_model(run.spec)
    other = question.compared_with and contributions_of(run, question.compared_with, question.target)
    if picture.other_run is not None:
        other = contributions_of(picture.other_run, question.method, question.target)
    caption = FlowCaption(
        run=picture.name,
        prompt=picture.prompt,
        target_label=target_label(model, *_traces_of(picture), target=question.target),
        run_label=EDITED if run.edits else None,
    )
    shares = contributions_of(run, question.method, question.target)
    other_run = None if picture.other_run is None else OtherRun(EDITED)
    return flow_payload(shares, question.target.position, caption, other=other, other_run=other_run)


def _traces_of(picture: Picture) -> list[ForwardTrace]:
    """The pass that is drawn; where two are compared, both."""
    return [run_prompt(run) for run in (picture.run, picture.other_run) if run is not None]


def _labels(
    model: LanguageModel, trace: ForwardTrace, shares: EdgeContributions, target: Target, report: Progress
) -> dict[str, list[str]]:
    return node_labels(model, trace, build_graph(shares, target.position), report)


def _curve(
    model: LanguageModel, trace: ForwardTrace, shares: EdgeContributions, target: Target, report: Progress
) -> dict[str, object]:
    graph = build_graph(shares, target.position)
    curve = faithfulness_curve(model, trace, graph, densities_of_meter(graph), target=target, progress=report)
    return curve_news(curve, _what_is_kept(model, trace, target))


def _what_is_kept(model: LanguageModel, trace: ForwardTrace, target: Target) -> str:
    if target.contrast_id is not None:
        return "the difference"
    if target.token_id == int(trace.logits[target.position].argmax()):
        return "the prediction"
    (token,) = model.token_strings([target.token_id])
    return visible_token(token)


def _of(picture: Picture) -> tuple[LanguageModel, ForwardTrace, EdgeContributions]:
    run, question = picture.run, picture.question
    return open_model(run.spec), run_prompt(run), contributions_of(run, question.method, question.target)


def _curve_or_reason(curve: Answer) -> object:
    if curve.error is not None:
        return {"points": [], "note": f"not measured: {curve.error.found}"}
    return curve.value
