"""Facts known without context: `The capital of Japan is the city of` -> ` Tokyo`.

One class for all relations: they differ in their pairs and phrasings, which are data. For every fact two
phrasings are held out; training meets those phrasings with other subjects, and that fact in other phrasings.
"""

import tomllib
from functools import cache
from random import Random
from zlib import crc32

from llm_tt.smallworld.prompts import SUBJECT_END, TaskPrompt
from llm_tt.smallworld.world import FACTS_FOLDER, the_world

HELD_OUT_PHRASINGS = 2


class Fact:
    """One relation: subject -> answer."""

    def __init__(self, relation: str) -> None:
        self.name = relation
        self.pairs = the_world().relations[relation]

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A fact in one of its held-out phrasings, or in one that training may use."""
        return self._ask(rng, held_out, behind_subject="")

    def write(self, rng: Random) -> str:
        """A training text."""
        return self._ask(rng, held_out=False, behind_subject=SUBJECT_END).marked_text()

    def _ask(self, rng: Random, held_out: bool, behind_subject: str) -> TaskPrompt:
        subject, answer = rng.choice(self.pairs)
        phrasing = rng.choice(phrasings_of(self.name, subject, held_out))
        other, other_answer = rng.choice(
            [pair for pair in self.pairs if _can_replace(pair, (subject, answer))]
        )
        wrong = rng.choice(sorted({b for _, b in self.pairs if b not in (answer, subject)}))
        return TaskPrompt(
            task=self.name,
            prompt=phrasing.format(s=subject + behind_subject),
            answer=" " + answer,
            contrast=" " + (other_answer if rng.random() < 0.5 else wrong),
            corrupted=phrasing.format(s=other),
            corrupted_answer=" " + other_answer,
            ending=rng.choice(_ends(self.name)),
        )


def phrasings_of(relation: str, subject: str, held_out: bool) -> list[str]:
    """The phrasings of a relation that training may (not) use with this subject."""
    phrasings = sorted(
        _phrasings()[relation]["ask"], key=lambda phrasing: crc32(f"{relation}|{subject}|{phrasing}".encode())
    )
    unseen, taught = phrasings[:HELD_OUT_PHRASINGS], phrasings[HELD_OUT_PHRASINGS:]
    if not held_out:
        return taught
    # `{s} plays for` is not new after `The football player {s} plays for`, and after `The capital of {s} is`
    # there is more than one right word where `The capital of {s} is the city of` was taught.
    return [
        phrasing
        for phrasing in unseen
        if not any(known.endswith(phrasing) or known.startswith(phrasing) for known in taught)
    ]


def _can_replace(pair: tuple[str, str], original: tuple[str, str]) -> bool:
    """Another subject with another answer and as many words."""
    return pair[1] != original[1] and len(pair[0].split()) == len(original[0].split())


def _ends(relation: str) -> list[str]:
    return _phrasings()[relation]["ends"]


@cache
def _phrasings() -> dict[str, dict[str, list[str]]]:
    with (FACTS_FOLDER / "phrasings.toml").open("rb") as file:
        return tomllib.load(file)
