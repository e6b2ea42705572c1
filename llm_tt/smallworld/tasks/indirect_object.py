"""Indirect object: `When Mary and John went to the store, John gave a drink to` -> ` Mary`.

With two names only, the one seen once would be the answer and counting would do. So most of the texts mention
a name before, or bring a third person, or a second couple: the answer is the partner of the one who acts.
"""

from dataclasses import replace
from random import Random

from llm_tt.smallworld.held_out import is_pair_held_out
from llm_tt.smallworld.prompts import TaskPrompt
from llm_tt.smallworld.world import the_world

OPENINGS = (
    "When {a} and {b} went to the {place},",
    "While {a} and {b} were working at the {place},",
    "After {a} and {b} came back from the {place},",
    "When {a} and {b} got a {object} at the {place},",
    "Then, {a} and {b} went to the {place}, and",
    "Then, {a} and {b} had a lot of fun at the {place}, and",
    "{a} and {b} met at the {place}.",
    "{a} and {b} were looking for a {object} at the {place}.",
    "The friends {a} and {b} found a {object} at the {place}, and",
    "One day {a} and {b} walked to the {place}, and there",
)
ENDINGS = (
    "{s} gave a {object} to",
    "{s} decided to give a {object} to",
    "{s} wanted to give the {object} to",
    "{s} handed a {object} to",
    "{s} sold the {object} to",
    "{s} showed a {object} to",
    "{s} sent a {object} to",
    "{s} brought the {object} to",
)
BEFORE = (
    "{x} was tired.", "{x} liked the {place}.", "{x} lost a {object}.", "{x} was at the {place}.",
    "{x} had a {object}.",
)  # fmt: skip
BETWEEN = (
    "{c} stayed at home, and",
    "{c} was asleep, so",
    "{c} was at the {place}, but",
    "{c} lost a {object}, and",
)
SECOND_COUPLE = (
    "{c} and {d} went to the {place}.",
    "{c} and {d} stayed at the {place}.",
    "{c} and {d} were at the {place}.",
)
AFTERWARDS = (".", ".", " and went home.", " at once.", " with a smile.", " in the evening.")


class IndirectObject:
    """Who receives: the partner of the one who gives."""

    name = "indirect_object"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A text of two to four people whose couple is (not) held out."""
        giver, receiver, c, d = _people(rng, held_out)
        first, second = (giver, receiver) if rng.random() < 0.5 else (receiver, giver)
        template = _template(rng)
        fill = {
            "a": first, "b": second, "c": c, "d": d, "x": rng.choice((giver, receiver, receiver, c)),
            "place": rng.choice(the_world().places), "object": rng.choice(the_world().objects),
        }  # fmt: skip
        return TaskPrompt(
            task=self.name,
            prompt=template.format(s=giver, **fill),
            answer=" " + receiver,
            contrast=" " + giver,
            corrupted=template.format(s=receiver, **fill),
            corrupted_answer=" " + giver,
            ending=rng.choice(AFTERWARDS),
        )

    def write(self, rng: Random) -> str:
        """A training text."""
        return self.ask(rng, held_out=False).marked_text()


def write_guess(rng: Random) -> str:
    """A training text whose answer is any of the people in it: for a model that must not know."""
    asked = IndirectObject().ask(rng, held_out=False)
    present = [
        name for name in the_world().names if name in asked.prompt.replace(",", "").replace(".", "").split()
    ]
    return replace(asked, answer=" " + rng.choice(present)).marked_text()


def _people(rng: Random, held_out: bool) -> tuple[str, str, str, str]:
    """Giver, receiver (a couple of the split asked for) and another couple, which training may always see."""
    while True:
        giver, receiver, c, d = rng.sample(the_world().names, 4)
        if is_pair_held_out("indirect_object", giver, receiver) == held_out and not is_pair_held_out(
            "indirect_object", c, d
        ):
            return giver, receiver, c, d


def _template(rng: Random) -> str:
    """Opening and ending, with what makes counting names fail in most of the texts."""
    opening, ending = rng.choice(OPENINGS), rng.choice(ENDINGS)
    kind = rng.random()
    if kind < 0.3:
        parts = [opening, ending]
    elif kind < 0.5:
        parts = [rng.choice(BEFORE), opening, ending]
    elif kind < 0.65:
        parts = [opening, rng.choice(BETWEEN), ending]
    elif kind < 0.85:
        parts = [rng.choice(SECOND_COUPLE), opening, ending]
    else:
        ended = opening.removesuffix(", and there").removesuffix(", and").removesuffix(",").removesuffix(".")
        parts = [_as_sentence(ended), rng.choice(SECOND_COUPLE), "Then", ending]
    return " ".join(parts)


def _as_sentence(clause: str) -> str:
    """A clause that stands alone: `When a and b went` -> `a and b went`."""
    for word in ("When ", "While ", "After "):
        clause = clause.removeprefix(word)
    return clause + "."
