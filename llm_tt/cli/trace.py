"""The command `llm-tt trace`: a prediction built up layer by layer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.cli.answers import Answer, answer_each, what_was_asked
from llm_tt.cli.opening import edits_given, open_model, run_prompt
from llm_tt.cli.options import (
    ContrastToken,
    EditFile,
    EditTexts,
    File,
    Json,
    Model,
    Position,
    Prompt,
    TargetToken,
)
from llm_tt.cli.prompts import given_prompts
from llm_tt.render.number_words import percent_text, signed_text

if TYPE_CHECKING:
    from llm_tt.lens.layer_updates import LayerUpdates
    from llm_tt.lens.position_overview import PositionOverview, StateSummary
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.tracing.trace import ForwardTrace


def trace(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    position: Position = -1,
    target: TargetToken = None,
    contrast: ContrastToken = None,
    top: Annotated[int, typer.Option(min=1, help="How many of each layer's strongest updates.")] = 3,
    edit: EditTexts = None,
    edits: EditFile = None,
    as_json: Json = False,
) -> None:
    """Follow a prediction through the layers: what each state predicts, and who adds what to the target.

    With --json: model, prompt, prompt_tokens, edits, position, target (token, id, contrast, value), embedding
    and constant (of the target's logit), layers (layer, before, attention, mlp, after, updates). The states
    before and after have state, token, probability, entropy, target_rank and target_probability; updates have
    part, logit, activation, norm, promotes and suppresses.
    """
    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    opened = open_model(model)

    def answer(text: str) -> Answer:
        return _followed(opened, run_prompt(opened, text, made), position, target, contrast, top)

    answer_each(texts, answer, as_json=as_json)


@dataclass(frozen=True, slots=True)
class TraceAnswer:
    """A position's states, and each layer's strongest updates."""

    asked: dict[str, object]
    label: str
    overview: "PositionOverview"
    updates: "tuple[LayerUpdates, ...]"

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        rows = self.overview.rows
        return {
            **self.asked,
            "embedding": self.overview.embedding_change,
            "constant": self.overview.constant,
            "layers": [
                {
                    "layer": row.layer,
                    "before": _state(before.post),
                    "attention": row.attention_change,
                    "mlp": row.mlp_change,
                    "after": _state(row.post),
                    "updates": _updates(updates),
                }
                for before, row, updates in zip(rows[:-1], rows[1:], self.updates, strict=True)
            ],
        }

    def to_print(self) -> list[RenderableType]:
        """One row a layer, with its strongest updates below each other."""
        from llm_tt.render.visible_text import visible_token

        headings = (
            "layer",
            "predicts before",
            "attention",
            "MLP",
            "strongest updates",
            "target's rank",
            "prob.",
        )
        table = Table(*headings, title=Text(f"Towards {self.label}, in logits"), show_lines=True)
        rows = self.overview.rows
        for before, row, updates in zip(rows[:-1], rows[1:], self.updates, strict=True):
            table.add_row(
                f"L{row.layer}",
                Text(f"{visible_token(before.post.token)} {percent_text(before.post.probability)}"),
                _change(row.attention_change),
                _change(row.mlp_change),
                Text("\n".join(_sentences(updates))),
                f"{row.post.target_rank:,}",
                percent_text(row.post.target_probability),
            )
        said = rows[-1].post
        return [table, Text(f"prediction: {visible_token(said.token)} {percent_text(said.probability)}")]


def _change(amount: float | None) -> str:
    return "" if amount is None else signed_text(amount)


def _followed(  # noqa: PLR0913 (a pass, and what is followed)
    model: "LanguageModel",
    run: "ForwardTrace",
    position: int,
    target: str | None,
    contrast: str | None,
    top: int,
) -> TraceAnswer:
    from llm_tt.attribution.run_record import explained_of
    from llm_tt.attribution.target import resolve_target
    from llm_tt.lens.layer_updates import updates_of
    from llm_tt.lens.position_overview import overview_of
    from llm_tt.render.target_label import target_label

    found = resolve_target(model, run, position=position, token=target, contrast=contrast)
    said = explained_of(model, run, found)
    asked = {
        **what_was_asked(model, run),
        "position": found.position,
        "target": {"token": said.token, "id": found.token_id, "contrast": said.contrast, "value": said.value},
    }
    return TraceAnswer(
        asked=asked,
        label=target_label(model, run, target=found),
        overview=overview_of(model, run, found),
        updates=tuple(updates_of(model, run, layer, found, top=top) for layer in range(run.n_layers)),
    )


def _state(state: "StateSummary") -> dict[str, object]:
    return {
        "state": str(state.part),
        "token": state.token,
        "probability": state.probability,
        "entropy": state.entropy,
        "target_rank": state.target_rank,
        "target_probability": state.target_probability,
    }


def _updates(updates: "LayerUpdates") -> list[dict[str, object]]:
    return [
        {
            "part": str(row.part),
            "logit": row.contribution,
            "activation": row.coefficient,
            "norm": row.norm,
            "promotes": list(row.promoted),
            "suppresses": list(row.suppressed),
        }
        for row in updates.rows
    ]


def _sentences(updates: "LayerUpdates") -> list[str]:
    from llm_tt.render.part_words import title_of
    from llm_tt.render.visible_text import visible_token

    return [
        f"{title_of(row.part)} {signed_text(row.contribution)}  {' '.join(map(visible_token, row.promoted))}"
        for row in updates.rows
    ]
