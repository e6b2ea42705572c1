"""What commands begin with: a model opened by its name, edits as they were given, a prompt's pass."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from llm_tt.cli.choices import nearest
from llm_tt.cli.stderr import working
from llm_tt.errors import InterventionError, ModelNotFoundError, SettingsError

if TYPE_CHECKING:
    from llm_tt.intervention.edits import Edit
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.model.spec import ModelSpec
    from llm_tt.tracing.trace import ForwardTrace


def open_model(name: str) -> "LanguageModel":
    """The model of a built-in name, a folder or a hub name.

    Raises:
        typer.BadParameter: the name is empty.
        ModelError: it cannot be opened; a name that was meant is named.
    """
    if not name:
        message = "The name is empty. Try small-world, which is built in."
        raise typer.BadParameter(message, param_hint="MODEL")
    with working("opening the model"):
        return open_spec(name)


def open_spec(source: "str | ModelSpec") -> "LanguageModel":
    """The same, with a device and a precision.

    Raises:
        ModelError: it cannot be opened; a name that was meant is named.
    """
    from llm_tt.model.loading import load_model

    try:
        return load_model(source)
    except ModelNotFoundError as problem:
        near = nearest(source if isinstance(source, str) else source.source, _names_on_the_menu())
        if near is None:
            raise
        remedy = f"Did you mean {near}? {problem.remedy}"
        raise ModelNotFoundError(asked=problem.asked, found=problem.found, remedy=remedy) from None


def edits_given(typed: Sequence[str] | None, file: Path | None) -> "tuple[Edit, ...]":
    """The edits of a file that are switched on, and behind them those that were typed.

    Raises:
        InterventionError: one of them means nothing, or the file cannot be read.
    """
    if not typed and file is None:
        return ()
    from llm_tt.intervention.basket import Basket
    from llm_tt.intervention.short_edits import edits_of

    made = [
        *(() if file is None else _edits_in(file)),
        *(edit for text in typed or () for edit in edits_of(text)),
    ]
    basket = Basket()
    for edit in made:
        basket = basket.add(edit)  # refuses more than a person could look through
    return basket.active


def run_prompt(model: "LanguageModel", prompt: str, edits: "Sequence[Edit]") -> "ForwardTrace":
    """The pass of a prompt, edited or not."""
    from llm_tt.intervention.run import run_with_edits

    with working("running the prompt"):
        return run_with_edits(model, prompt, edits)


def _names_on_the_menu() -> list[str]:
    from llm_tt.model.spec import BUILT_IN
    from llm_tt.settings import load_settings

    try:
        return [*BUILT_IN, *(offered.name for offered in load_settings(None).models)]
    except SettingsError:  # that is no answer to a name that was mistyped
        return list(BUILT_IN)


def _edits_in(path: Path) -> "tuple[Edit, ...]":
    from llm_tt.intervention.basket import LARGEST_FILE, Basket

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise InterventionError(
            asked=f"Read the edits in {path}.",
            found=f"The file cannot be opened: {problem.strerror}.",
            remedy="Name a file that was saved from the page, or with Basket.to_json.",
        ) from None
    return Basket.from_json(content).active
