"""Pronouns follow the gender of a name or a noun: `The queen lost the key, so` -> ` she`."""

from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import TaskPrompt
from llm_tt.smallworld.world import the_world

TEMPLATES = {
    "subject": (
        "{x} lost the {object}, so", "{x} went to the {place} because", "{x} was happy when", "{x} said that",
        "{x} sat down after",
        "{x} smiled, and then", "{x} came to the {place} although",
    ),
    "possessive": (
        "{x} went home and opened", "{x} was proud of", "{x} walked to the {place} with",
        "{x} put the {object} into",
        "{x} looked at the {place} with all",
    ),
    "reflexive": (
        "{x} looked in the mirror and saw", "{x} cut the cake and hurt", "{x} bought the {object} for",
        "{x} stood alone and talked to",
    ),
}  # fmt: skip
PRONOUNS = {"subject": (" she", " he"), "possessive": (" her", " his"), "reflexive": (" herself", " himself")}
ENDINGS = {
    "subject": (" went home.", " was tired.", " had a {object}.", " liked the {place}."),
    "possessive": (" {object}.", " friends."),
    "reflexive": (".", " at last."),
}


class Pronouns:
    """She or he, her or his, herself or himself."""

    name = "pronouns"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A person in a phrasing of the split asked for."""
        world = the_world()
        female = rng.random() < 0.5
        proper = rng.random() < 0.5
        women, men = (
            (world.female_names, world.male_names) if proper else (world.female_nouns, world.male_nouns)
        )
        while True:
            kind = rng.choice(tuple(TEMPLATES))
            template = rng.choice(TEMPLATES[kind])
            person = rng.choice(women if female else men)
            if is_held_out(self.name, template, person) == held_out:
                break
        other = rng.choice(men if female else women)
        fill = {"object": rng.choice(world.objects), "place": rng.choice(world.places)}
        for_women, for_men = PRONOUNS[kind]
        right, wrong = (for_women, for_men) if female else (for_men, for_women)
        article = "" if proper else "The "
        return TaskPrompt(
            task=self.name,
            prompt=template.format(x=article + person, **fill),
            answer=right,
            contrast=wrong,
            corrupted=template.format(x=article + other, **fill),
            corrupted_answer=wrong,
            ending=rng.choice(ENDINGS[kind]).format(**fill),
        )

    def write(self, rng: Random) -> str:
        """A training text."""
        return self.ask(rng, held_out=False).marked_text()
