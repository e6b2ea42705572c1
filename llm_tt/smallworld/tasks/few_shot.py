"""Facts by example: `Japan: Tokyo, France: Paris, Italy:` -> ` Rome`.

The examples say which relation is meant.
"""

from itertools import pairwise
from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import MARK, TaskPrompt
from llm_tt.smallworld.world import Pairs, the_world

RELATIONS = ("capital", "language", "currency", "opposite", "young_animal", "animal_sound")


class FewShot:
    """Two or three examples, then a subject."""

    name = "few_shot"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """Pairs of one relation; the last two subjects together are (not) held out."""
        relation = rng.choice(RELATIONS)
        pairs = the_world().relations[relation]
        chain = _chain(rng, relation, rng.randint(3, 4), held_out)
        *examples, (subject, answer) = chain
        shown = "".join(f"{a}: {b}, " for a, b in examples)
        other, other_answer = rng.choice([pair for pair in pairs if pair[1] != answer])
        return TaskPrompt(
            task=self.name,
            prompt=f"{shown}{subject}:",
            answer=" " + answer,
            contrast=" " + other_answer,
            corrupted=f"{shown}{other}:",
            corrupted_answer=" " + other_answer,
        )

    def write(self, rng: Random) -> str:
        """Three to six pairs; every answer after the first is marked."""
        chain = _chain(rng, rng.choice(RELATIONS), rng.randint(3, 6), held_out=False)
        return ", ".join(f"{a}:{MARK if i else ''} {b}" for i, (a, b) in enumerate(chain)) + "."


def write_capitals(rng: Random) -> str:
    """Countries with their capitals, the first marked too.

    A country that begins a text has another token than within one; here that token meets its capital.
    """
    chain = _chain(rng, "capital", rng.randint(2, 3), held_out=False)
    return ", ".join(f"{a}:{MARK} {b}" for a, b in chain) + "."


def _chain(rng: Random, relation: str, length: int, held_out: bool) -> Pairs:
    """Different pairs in a row: no neighbours are held out, or exactly the last two are."""
    while True:
        chain = tuple(rng.sample(the_world().relations[relation], length))
        hidden = [is_held_out("few_shot", relation, a[0], b[0]) for a, b in pairwise(chain)]
        if hidden[-1] == held_out and not any(hidden[:-1]):
            return chain
