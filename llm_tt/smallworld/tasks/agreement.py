"""Subject-verb agreement across a distractor: `Today the keys near the box` -> ` are`."""

from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import TaskPrompt
from llm_tt.smallworld.world import the_world

# The first word fixes the tense, so that the answer is one word.
VERBS = {"Today": (" is", " are"), "Yesterday": (" was", " were"), "Now": (" has", " have")}
BETWEEN = (
    "near the",
    "behind the",
    "next to the",
    "in front of the",
    "beside the",
    "with the",
    "left of the",
)
STATES = (
    "wet",
    "new",
    "clean",
    "dirty",
    "quiet",
    "small",
    "big",
    "ready",
    "gone",
    "lost",
    "broken",
    "beautiful",
)


class Agreement:
    """The verb agrees with the subject, not with the noun just before it."""

    name = "agreement"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A subject and a distractor whose pair of nouns is (not) held out."""
        nouns = the_world().countable
        while True:
            subject, distractor = rng.sample(nouns, 2)
            if is_held_out(self.name, subject[0], distractor[0]) == held_out:
                break
        plural = rng.randrange(2)
        noun = distractor[rng.randrange(2)]
        opening = rng.choice(tuple(VERBS))
        middle = rng.choice(BETWEEN)
        state = rng.choice(STATES)
        ending = f" a {state} look." if opening == "Now" else f" {state}."
        return TaskPrompt(
            task=self.name,
            prompt=f"{opening} the {subject[plural]} {middle} {noun}",
            answer=VERBS[opening][plural],
            contrast=VERBS[opening][1 - plural],
            corrupted=f"{opening} the {subject[1 - plural]} {middle} {noun}",
            corrupted_answer=VERBS[opening][1 - plural],
            ending=ending,
        )

    def write(self, rng: Random) -> str:
        """A training text."""
        return self.ask(rng, held_out=False).marked_text()
