"""Induction: in random words that come again, the word after the last one's earlier occurrence follows."""

from functools import cache
from itertools import pairwise
from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import MARK, TaskPrompt
from llm_tt.smallworld.world import the_world


class Induction:
    """Random words of the world, repeated; only copying helps."""

    name = "induction"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """Words, then their beginning again; the last step of the repetition is (not) held out."""
        while True:
            words = rng.sample(_vocabulary(), rng.randint(6, 20))
            seen = rng.randint(2, len(words) - 1)
            steps = [is_held_out(self.name, a, b) for a, b in pairwise(words)]
            if steps[seen - 1] == held_out:
                break
        other = rng.choice([word for word in _vocabulary() if word not in words])
        replaced = [*words[:seen], other, *words[seen + 1 :]]
        repeat = words[:seen]
        return TaskPrompt(
            task=self.name,
            prompt=_spaced(words + repeat),
            answer=" " + words[seen],
            contrast=" " + rng.choice([word for word in words if word != words[seen]]),
            corrupted=_spaced(replaced + repeat),
            corrupted_answer=" " + other,
        )

    def write(self, rng: Random) -> str:
        """Words without a held-out step, repeated; everything copied is marked."""
        words = _allowed_chain(rng, rng.randint(4, 24))
        start = rng.randrange(len(words) // 2)
        again = words[start : start + rng.randint(3, len(words))]
        return _spaced(words) + f" {again[0]}" + "".join(f"{MARK} {word}" for word in again[1:])


def _allowed_chain(rng: Random, length: int) -> list[str]:
    chain = [rng.choice(_vocabulary())]
    while len(chain) < length:
        word = rng.choice(_vocabulary())
        if word not in chain and not is_held_out("induction", chain[-1], word):
            chain.append(word)
    return chain


def _spaced(words: list[str]) -> str:
    """Every word with its space in front, so that each has the same token at any place."""
    return "".join(f" {word}" for word in words)


@cache
def _vocabulary() -> tuple[str, ...]:
    """All single words of the world."""
    world = the_world()
    words = {
        word
        for pairs in world.relations.values()
        for pair in pairs
        for phrase in pair
        for word in phrase.split()
    }
    words.update(world.names, world.objects, world.places, world.containers, world.paints)
    words.update(word for pair in world.countable for word in pair)
    return tuple(sorted(words))
