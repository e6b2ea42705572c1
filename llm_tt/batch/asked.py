"""An entry in the tokens of one model: what is known of it before anything is run."""

from dataclasses import dataclass

from llm_tt.attribution.target import Target, resolve_target, token_id_of
from llm_tt.batch.entries import Entry
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.relations import KeyRelations
from llm_tt.batch.subject import positions_of_text
from llm_tt.errors import TargetError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.forward import check_prompt
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class EntryInTokens:
    """A plain value."""

    entry: Entry
    prompt: Prompt
    answer: int | None
    foil: int | None
    right: tuple[int, ...]
    """All answers that count as right; empty where none is known."""
    subject: tuple[int, ...]
    """Positions."""

    @classmethod
    def of(cls, model: LanguageModel, entry: Entry, options: BatchOptions) -> "EntryInTokens":
        """Look up every token that the entry names.

        Raises:
            PromptError: the prompt is empty or too long, or its subject is not in it.
            TargetError: an answer or foil is no single token, or one that is asked for is missing.
        """
        if options.target == "answer" and entry.answer is None:
            raise _without(entry, of="answer")
        if options.contrast == "foil" and entry.foil is None:
            raise _without(entry, of="foil")
        prompt = model.tokenize(entry.prompt)
        check_prompt(model, prompt)
        answers = entry.accepted or (() if entry.answer is None else (entry.answer,))
        return cls(
            entry=entry,
            prompt=prompt,
            answer=None if entry.answer is None else token_id_of(model, entry.answer),
            foil=None if entry.foil is None else token_id_of(model, entry.foil),
            right=tuple(token_id_of(model, answer) for answer in answers),
            subject=() if entry.subject is None else positions_of_text(prompt, entry.subject),
        )

    def target(self, model: LanguageModel, trace: ForwardTrace, options: BatchOptions) -> Target:
        """What is explained: the answer or the model's own prediction, against the foil or nothing.

        Raises:
            TargetError: both are the same token.
        """
        explains_answer = self.answer is not None and options.target != "prediction"
        wants_foil = options.contrast == "foil" or (options.contrast is None and explains_answer)
        return resolve_target(
            model,
            trace,
            token=self.answer if explains_answer else None,
            contrast=self.foil if wants_foil else None,
        )

    def relations(self, target: Target) -> KeyRelations:
        """What keys are to queries; where no answer is known, the target is what may be mentioned."""
        return KeyRelations.of(
            self.prompt.token_ids,
            target.position,
            answer=target.token_id if self.answer is None else self.answer,
            foil=target.contrast_id if self.foil is None else self.foil,
            subject=self.subject,
        )


def _without(entry: Entry, *, of: str) -> TargetError:
    return TargetError(
        asked=f"Explain the {of} of entry {entry.number}.",
        found=f"It has no {of}.",
        remedy="Write one into the file, or explain the model's own prediction.",
    )
