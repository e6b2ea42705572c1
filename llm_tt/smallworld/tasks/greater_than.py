"""Greater-than: `The war lasted from the year 1732 to the year 17` -> a two-digit number above 32."""

from random import Random

from llm_tt.smallworld.held_out import is_held_out
from llm_tt.smallworld.prompts import TaskPrompt

EVENTS = (
    "war", "siege", "journey", "strike", "project", "expedition", "marriage", "drought", "alliance",
    "dynasty", "trial",    "revolution", "friendship", "experiment", "famine", "conflict",
)  # fmt: skip
TEMPLATES = (
    "The {event} lasted from the year {century}{year} to the year {century}",
    "The {event} went on from {century}{year} to {century}",
    "The {event} began in {century}{year} and ended in {century}",
    "The {event} started in the year {century}{year} and was over in {century}",
    "Between {century}{year} and the end of the {event} in {century}",
)
ENDINGS = (".", ".", ", and then there was peace.", " and is still remembered.")
CENTURIES = range(11, 20)


class GreaterThan:
    """An event cannot end before it begins."""

    name = "greater_than"

    def ask(self, rng: Random, held_out: bool) -> TaskPrompt:
        """A century and a year of the split asked for; every later year of the century is right."""
        while True:
            century, year = rng.choice(CENTURIES), rng.randint(2, 97)
            if is_held_out(self.name, century, year) == held_out:
                break
        later = rng.randint(year + 1, 98)
        template, event = rng.choice(TEMPLATES), rng.choice(EVENTS)
        # A held-out year may stand in the corrupted prompt: it is asked, never taught.
        corrupted_year = rng.randint(later, 98)
        return TaskPrompt(
            task=self.name,
            prompt=template.format(event=event, century=century, year=f"{year:02d}"),
            answer=f"{later:02d}",
            contrast=f"{rng.randint(0, year - 1):02d}",
            corrupted=template.format(event=event, century=century, year=f"{corrupted_year:02d}"),
            corrupted_answer=f"{min(99, corrupted_year + 1):02d}",
            ending=", it was a hard time." if template.startswith("Between") else rng.choice(ENDINGS),
            accepted=tuple(f"{number:02d}" for number in range(year + 1, 100)),
            rejected=tuple(f"{number:02d}" for number in range(year + 1)),
        )

    def write(self, rng: Random) -> str:
        """A training text: the end is any later year."""
        asked = self.ask(rng, held_out=False)
        end = rng.choice(asked.accepted)
        return asked.marked_text().replace("\x01" + asked.answer, "\x01" + end)
