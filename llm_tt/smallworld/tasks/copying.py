"""Copying: a list said again, and the value that was written after a key."""

from itertools import pairwise
from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import MARK, TaskPrompt
from llm_tt.smallworld.world import the_world

AGAIN = ("Again:", "Once more:", "Repeat:", "The same list:")


class Copying:
    """`List: hat, key, ring. Again: hat, key,` -> ` ring`."""

    name = "copying"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A list and its beginning again; the last step is (not) held out."""
        objects = the_world().objects
        while True:
            items = rng.sample(objects, rng.randint(4, 8))
            seen = rng.randint(1, len(items) - 1)
            steps = [is_held_out(self.name, a, b) for a, b in pairwise(items)]
            if steps[seen - 1] == held_out and (held_out or not any(steps)):
                break
        other = rng.choice([item for item in objects if item not in items])
        changed = [*items[:seen], other, *items[seen + 1 :]]
        again = f"{rng.choice(AGAIN)} {', '.join(items[:seen])},"
        return TaskPrompt(
            task=self.name,
            prompt=f"List: {', '.join(items)}. {again}",
            answer=" " + items[seen],
            contrast=" " + rng.choice([item for item in items if item != items[seen]]),
            corrupted=f"List: {', '.join(changed)}. {again}",
            corrupted_answer=" " + other,
        )

    def write(self, rng: Random) -> str:
        """A list and the whole of it again, every copied item marked."""
        asked = self.ask(rng, held_out=False)
        items = asked.prompt.removeprefix("List: ").split(". ")[0].split(", ")
        return (
            f"List: {', '.join(items)}. {rng.choice(AGAIN)}"
            + ",".join(f"{MARK} {item}" for item in items)
            + "."
        )


class KeyValue:
    """`Mary: ring, John: hat, Tom: key. John:` -> ` hat`."""

    name = "key_value"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """Keys with values; the pair asked for is (not) held out."""
        pairs = _pairs(rng, rng.randint(2, 5), held_out)
        index = rng.randrange(len(pairs)) if not held_out else 0
        key, value = pairs[index]
        other = rng.choice([item for item in the_world().objects if item not in dict(pairs).values()])
        changed = [*pairs[:index], (key, other), *pairs[index + 1 :]]
        order = rng.sample(range(len(pairs)), len(pairs))
        return TaskPrompt(
            task=self.name,
            prompt=f"{_listed([pairs[i] for i in order])}. {key}:",
            answer=" " + value,
            contrast=" " + rng.choice([item for _, item in pairs if item != value]),
            corrupted=f"{_listed([changed[i] for i in order])}. {key}:",
            corrupted_answer=" " + other,
        )

    def write(self, rng: Random) -> str:
        """Keys with values, then all keys in another order, every value marked."""
        pairs = _pairs(rng, rng.randint(2, 5), held_out=False)
        again = rng.sample(pairs, len(pairs))
        return _listed(pairs) + ". " + ", ".join(f"{key}:{MARK} {value}" for key, value in again) + "."


def _pairs(rng: Random, count: int, held_out: bool) -> list[tuple[str, str]]:
    """Names with objects; none is held out, or exactly the first one is."""
    names, objects = rng.sample(the_world().names, count), list(the_world().objects)
    pairs: list[tuple[str, str]] = []
    for name in names:
        wanted = held_out and not pairs
        value = rng.choice([item for item in objects if is_held_out("key_value", name, item) == wanted])
        objects.remove(value)
        pairs.append((name, value))
    return pairs


def _listed(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in pairs)
