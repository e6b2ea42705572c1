"""The command `llm-tt tokens`: a prediction, a state or what a part writes, read as tokens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType

from llm_tt.cli.answers import Answer, answer_each, what_was_asked
from llm_tt.cli.opening import edits_given, open_model, run_prompt
from llm_tt.cli.options import EditFile, EditTexts, File, Json, Model, Position, Prompt
from llm_tt.cli.prompts import given_prompts
from llm_tt.cli.token_lists import changes_json, changes_table, ranking_json, ranking_table

if TYPE_CHECKING:
    from llm_tt.lens.promotion import Promotion
    from llm_tt.lens.token_ranking import TokenRanking
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.tracing.parts import Part
    from llm_tt.tracing.trace import ForwardTrace


def tokens(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    part: Annotated[
        str,
        typer.Option(
            help="A state (L2.post@4, embed@4), or what a head (L2H1@13), message (L2H1@1-13), MLP "
            "(L2.mlp@13) or neuron (L2N33@13) writes; without @ it is at --position. Default: the prediction."
        ),
    ] = "",
    position: Position = -1,
    top: Annotated[int, typer.Option(min=1, help="How many tokens.")] = 10,
    edit: EditTexts = None,
    edits: EditFile = None,
    as_json: Json = False,
) -> None:
    """Read a pass as tokens: what is predicted, what a state would predict, what a part promotes.

    With --json: model, prompt, prompt_tokens, edits, part (null: the prediction), position; of a prediction
    or state tokens (rank, token, id, probability, logit); of a part promoted, suppressed (token, id, change).
    """
    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    opened = open_model(model)

    def answer(text: str) -> Answer:
        return _read(opened, run_prompt(opened, text, made), part, position, top)

    answer_each(texts, answer, as_json=as_json)


@dataclass(frozen=True, slots=True)
class TokensAnswer:
    """One reading; of a state a ranking, of a part what it promotes."""

    asked: dict[str, object]
    title: str
    ranking: "TokenRanking | None"
    promotion: "Promotion | None"

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        if self.ranking is not None:
            return {**self.asked, "tokens": ranking_json(self.ranking)}
        assert self.promotion is not None
        found = {"promoted": self.promotion.promoted, "suppressed": self.promotion.suppressed}
        return {**self.asked, **{name: changes_json(changes) for name, changes in found.items()}}

    def to_print(self) -> list[RenderableType]:
        """A table."""
        if self.ranking is not None:
            return [ranking_table(self.ranking, self.title)]
        assert self.promotion is not None
        return [changes_table(self.promotion.promoted, self.promotion.suppressed, self.title)]


def _read(model: "LanguageModel", trace: "ForwardTrace", name: str, position: int, top: int) -> TokensAnswer:
    from llm_tt.attribution.target import resolve_position
    from llm_tt.lens.promotion import promoted_tokens
    from llm_tt.lens.state_reading import read_state
    from llm_tt.lens.token_ranking import rank_logits
    from llm_tt.lens.written import written_by
    from llm_tt.render.part_words import sentence_about

    where = resolve_position(trace, position)
    part = _part(name, where) if name else None
    at = where if part is None else part.position
    asked = {**what_was_asked(model, trace), "part": None if part is None else str(part), "position": at}
    if part is None:
        title = f"Prediction at position {at}"
        return TokensAnswer(asked, title, rank_logits(model, trace.logits[at], top=top), None)
    vector = written_by(model, trace, part)  # refuses what is not there
    title = sentence_about(part, trace.prompt.token_strings)
    if part.kind == "state":
        return TokensAnswer(asked, title, read_state(model, trace, part, top=top).ranking, None)
    return TokensAnswer(asked, title, None, promoted_tokens(model, trace, vector, part.position, top=top))


def _part(name: str, position: int) -> "Part":
    """A name without a position is meant at the one that was asked for."""
    from llm_tt.errors import TargetError
    from llm_tt.tracing.parts import Part

    try:
        return Part.named(name if "@" in name else f"{name}@{position}")
    except TargetError as problem:
        raise TargetError(
            asked=f"Find {name[:100]!r} in the model.", found=problem.found, remedy=problem.remedy
        ) from None
