"""Sums of two digits: `5 + 4 = 9, 2 + 3 =` -> ` 5`.

There are only 100 of them and all are taught; held out are pairs of neighbours.
"""

from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import MARK, TaskPrompt

Digits = tuple[int, int]


class Sums:
    """Addition with up to three worked sums in front."""

    name = "sums"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """One to three worked sums, then one to solve."""
        chain = _chain(rng, rng.randint(2, 4), held_out)
        *worked, (a, b) = chain
        shown = "".join(f"{x} + {y} = {x + y}, " for x, y in worked)
        other = rng.choice([digit for digit in range(10) if digit != b])
        return TaskPrompt(
            task=self.name,
            prompt=f"{shown}{a} + {b} =",
            answer=f" {a + b}",
            contrast=f" {a + b + rng.choice((-1, 1)) if a + b else 1}",
            corrupted=f"{shown}{a} + {other} =",
            corrupted_answer=f" {a + other}",
        )

    def write(self, rng: Random) -> str:
        """One to six sums in a row, every result marked."""
        chain = _chain(rng, rng.randint(1, 6), held_out=False)
        return ", ".join(f"{x} + {y} ={MARK} {x + y}" for x, y in chain) + "."


def _chain(rng: Random, length: int, held_out: bool) -> list[Digits]:
    """Sums in a row: no neighbours are held out, or exactly the last two are."""
    chain = [_digits(rng)]
    while len(chain) < length:
        following = _digits(rng)
        last = len(chain) == length - 1
        if is_held_out("sums", chain[-1], following) == (held_out and last):
            chain.append(following)
    return chain


def _digits(rng: Random) -> Digits:
    return rng.randrange(10), rng.randrange(10)
