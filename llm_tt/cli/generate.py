"""The command `llm-tt generate`: the model writes on, edited if wanted."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType

from llm_tt.cli.answers import Answer, answer_each
from llm_tt.cli.opening import edits_given, open_model
from llm_tt.cli.options import EditFile, EditTexts, File, Json, Model, Prompt
from llm_tt.cli.prompts import given_prompts
from llm_tt.cli.stderr import working

if TYPE_CHECKING:
    from llm_tt.intervention.edits import Edit
    from llm_tt.intervention.generation import Generation


def generate(  # noqa: PLR0913 (options of a command)
    model: Model,
    prompt: Prompt = None,
    file: File = None,
    edit: EditTexts = None,
    edits: EditFile = None,
    tokens: Annotated[int, typer.Option(min=1, help="How many tokens at most.")] = 20,
    temperature: Annotated[float, typer.Option(help="0 always takes the most likely token.")] = 0.0,
    top_p: Annotated[
        float, typer.Option(help="Only the likely tokens that together have this probability.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Of the draws.")] = 0,
    as_json: Json = False,
) -> None:
    """Let the model write on, with edits if wanted; prompt and text go to stdout.

    With --json: model, prompt, edits, text, ended (whether the model ended the text), and tokens (token, id,
    probability, rank).
    """
    from llm_tt.intervention.generation import generate as write
    from llm_tt.intervention.sampling import Sampling

    texts, made = given_prompts(prompt, file), edits_given(edit, edits)
    sampling = Sampling(temperature, top_p, seed)
    opened = open_model(model)

    def answer(text: str) -> Answer:
        with working("writing"):
            written = write(opened, text, made, n_tokens=tokens, sampling=sampling)
        return GenerateAnswer(opened.spec.source, made, written)

    answer_each(texts, answer, as_json=as_json)


@dataclass(frozen=True, slots=True)
class GenerateAnswer:
    """A text that was written on."""

    model: str
    edits: "tuple[Edit, ...]"
    written: "Generation"

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        from llm_tt.intervention.short_edits import short_form

        rows = [asdict(token) for token in self.written.tokens]
        return {
            "model": self.model,
            "prompt": self.written.prompt.text,
            "edits": [short_form(edit) for edit in self.edits],
            "text": self.written.text,
            "ended": self.written.is_ended,
            "tokens": [{"token": row.pop("string"), "id": row.pop("token_id"), **row} for row in rows],
        }

    def to_print(self) -> list[RenderableType]:
        """The whole text."""
        return [f"{self.written.prompt.text}{self.written.text}"]
