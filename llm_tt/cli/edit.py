"""The command `llm-tt edit`: a prediction with and without edits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.cli.answers import Answer, answer_each, what_was_asked
from llm_tt.cli.opening import edits_given, open_model, run_prompt
from llm_tt.cli.options import EditFile, EditTexts, File, Json, Model, Prompt
from llm_tt.cli.prompts import given_prompts
from llm_tt.cli.token_lists import ranking_json
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token

if TYPE_CHECKING:
    from llm_tt.intervention.edits import Edit
    from llm_tt.lens.token_ranking import TokenRanking


def edit(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    edit: EditTexts = None,
    edits: EditFile = None,
    top: Annotated[int, typer.Option(min=1, help="How many tokens of each prediction.")] = 5,
    as_json: Json = False,
) -> None:
    """Show what edits do to a prediction: the most likely tokens before and after.

    With --json: model, prompt, prompt_tokens, edits, before and after (rank, token, id, probability, logit),
    kl in nats.
    """
    from llm_tt.attribution.target import resolve_target
    from llm_tt.intervention.measuring import effect_between
    from llm_tt.lens.token_ranking import rank_logits

    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    opened = open_model(model)

    def answer(text: str) -> Answer:
        before, after = (run_prompt(opened, text, run) for run in ((), made))
        rankings = [rank_logits(opened, run.logits[-1], top=top) for run in (before, after)]
        effect = effect_between(resolve_target(opened, before), before.logits[-1], after.logits[-1])
        return EditAnswer(what_was_asked(opened, after), made, rankings[0], rankings[1], effect.kl)

    answer_each(texts, answer, as_json=as_json)


@dataclass(frozen=True, slots=True)
class EditAnswer:
    """Two predictions, and how far apart they are."""

    asked: dict[str, object]
    edits: "tuple[Edit, ...]"
    before: "TokenRanking"
    after: "TokenRanking"
    kl: float

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        rankings = {"before": ranking_json(self.before), "after": ranking_json(self.after)}
        return {**self.asked, **rankings, "kl": self.kl}

    def to_print(self) -> list[RenderableType]:
        """Both beside each other."""
        from llm_tt.intervention.edit_words import sentence_of

        title = "\n".join(map(sentence_of, self.edits)) or "no edits"
        table = Table("before", "", "after", "", title=Text(title))
        for place in range(len(self.before.token_ids)):
            shown = [
                (visible_token(r.token_strings[place]), percent_text(r.probabilities[place], 2))
                for r in (self.before, self.after)
            ]
            table.add_row(*(Text(cell) for token, share in shown for cell in (token, share)))
        return [table, f"divergence of the prediction (KL): {self.kl:.3g} nats"]
