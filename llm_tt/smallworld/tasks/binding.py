"""Binding in context: which of several is meant is said by its partner, not by its place or its count.

`Mary has a key. John has a hat. Tom has a ring. John has a` -> ` hat`
"""

from dataclasses import dataclass
from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import MARK, TaskPrompt
from llm_tt.smallworld.world import World, the_world

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Form:
    """How pairs of one kind are stated and asked; `{k}` is the key, the value comes last."""

    statements: tuple[str, ...]
    questions: tuple[str, ...]


class _Binding:
    """Statements about pairs, then a question for one of them."""

    name: str
    form: _Form

    def vocabulary(self, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Possible keys and values."""
        raise NotImplementedError

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """Two to five statements; the pair asked for is (not) held out, all others never are."""
        pairs = self._pairs(rng, rng.randint(2, 5), held_out)
        (key, value), order = pairs[0], rng.sample(range(len(pairs)), len(pairs))
        values = self.vocabulary(the_world())[1]
        other = rng.choice([item for item in values if item not in dict(pairs).values()])
        changed = [(key, other), *pairs[1:]]
        statement, question = rng.choice(self.form.statements), rng.choice(self.form.questions).format(k=key)
        return TaskPrompt(
            task=self.name,
            prompt=f"{_told(statement, [pairs[i] for i in order])} {question}",
            answer=" " + value,
            contrast=" " + rng.choice([item for _, item in pairs if item != value]),
            corrupted=f"{_told(statement, [changed[i] for i in order])} {question}",
            corrupted_answer=" " + other,
        )

    def write(self, rng: Random) -> str:
        """Statements, then questions for all of them in another order, every value marked."""
        pairs = self._pairs(rng, rng.randint(2, 5), held_out=False)
        statement = rng.choice(self.form.statements)
        told = _told(statement, rng.sample(pairs, len(pairs)))
        asked = [f"{rng.choice(self.form.questions).format(k=key)}{MARK} {value}." for key, value in pairs]
        return f"{told} {' '.join(asked)}"

    def _pairs(self, rng: Random, count: int, held_out: bool) -> list[Pair]:
        """Different keys with different values; none is held out, or exactly the first one is."""
        keys, values = self.vocabulary(the_world())
        chosen, free = rng.sample(keys, count), list(values)
        pairs: list[Pair] = []
        for key in chosen:
            wanted = held_out and not pairs
            allowed = [
                value for value in free if value != key and is_held_out(self.name, key, value) == wanted
            ]
            if not allowed:
                return self._pairs(rng, count, held_out)
            value = rng.choice(allowed)
            free.remove(value)
            pairs.append((key, value))
        return pairs


class WhoHasWhat(_Binding):
    """Which thing a person has."""

    name = "who_has_what"
    form = _Form(
        statements=("{k} has a", "{k} found a", "{k} bought a", "{k} wants a"),
        questions=("{k} has a", "{k} looks at the", "{k} shows the", "So {k} has the"),
    )

    def vocabulary(self, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and things."""
        return world.names, world.objects


class WhoIsWhere(_Binding):
    """In which place a person is."""

    name = "who_is_where"
    form = _Form(
        statements=("{k} is in the", "{k} went to the", "{k} works at the", "{k} waits at the"),
        questions=("{k} is in the", "You can find {k} in the", "So {k} is at the"),
    )

    def vocabulary(self, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and places."""
        return world.names, world.places


class ThingPlace(_Binding):
    """Where a thing lies."""

    name = "thing_place"
    form = _Form(
        statements=("The {k} is in the", "The {k} lies in the", "Someone put the {k} into the"),
        questions=("The {k} is in the", "So the {k} is in the", "Look for the {k} in the"),
    )

    def vocabulary(self, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Things and what can hold them."""
        return world.objects, world.containers


class ThingColour(_Binding):
    """Which colour a thing has here."""

    name = "thing_colour"
    form = _Form(
        statements=("The {k} is", "The {k} here is", "They painted the {k}"),
        questions=("The {k} is", "So the {k} is", "The colour of this {k} is"),
    )

    def vocabulary(self, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Things and paints."""
        return world.objects, world.paints


def _told(statement: str, pairs: list[Pair]) -> str:
    return " ".join(f"{statement.format(k=key)} {value}." for key, value in pairs)
