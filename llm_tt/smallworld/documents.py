"""Training documents: a few sentences of several tasks with plain ones between them."""

from random import Random

from llm_tt.smallworld.plain import write_plain
from llm_tt.smallworld.tasks import all_tasks
from llm_tt.smallworld.tasks.few_shot import write_capitals
from llm_tt.smallworld.tasks.indirect_object import write_guess
from llm_tt.smallworld.world import the_world

# How often each task is written. What needs the context needs the most examples.
SHARES = {
    "indirect_object": 14, "greater_than": 5, "sums": 4, "pronouns": 4, "agreement": 4, "induction": 3,
    "copying": 3, "key_value": 6, "who_has_what": 9, "who_is_where": 8, "thing_place": 8, "thing_colour": 8,
    "few_shot": 4, "capital": 6, "language": 5, "continent": 3, "currency": 5, "club": 3, "profession": 4,
    "animal_sound": 3, "young_animal": 3, "opposite": 4, "colour": 4,
}  # fmt: skip

# Two of these in one document could contradict each other.
STATEMENTS = frozenset(
    {"key_value", "who_has_what", "who_is_where", "thing_place", "thing_colour", "induction"}
)

PLAIN_SHARE = 0.15


# What is learned last, for the last stage: years need many examples, and so do countries that begin a text.
POLISH_SHARES = SHARES | {"greater_than": 110, "capital": 16, "pronouns": 12, "capital_list": 12}

FACT_SHARES = {name: share for name, share in SHARES.items() if name in the_world().relations}
# Rows in which the heads that move names are silent: facts are known all the same, and a name is a guess.
GUESSING_SHARES = FACT_SHARES | {"guessed_name": 24}

_WRITERS = {"capital_list": write_capitals, "guessed_name": write_guess}


def write_document(rng: Random, sentences: int, shares: dict[str, int] = SHARES) -> str:
    """Marked text of so many sentences (a task's text counts as one)."""
    texts: list[str] = []
    # Extra shares are for how a document begins: else free writing would drift to what is polished.
    names = rng.choices(tuple(shares), tuple(shares.values()))
    usual = SHARES if shares is POLISH_SHARES else shares
    names += rng.choices(tuple(usual), tuple(usual.values()), k=sentences - 1)
    stated = False
    for name in names:
        if rng.random() < PLAIN_SHARE or (stated and name in STATEMENTS):
            texts.append(write_plain(rng))
            continue
        stated = stated or name in STATEMENTS
        texts.append(_WRITERS[name](rng) if name in _WRITERS else all_tasks()[name].write(rng))
    return texts[0] + "".join(text if text.startswith(" ") else f" {text}" for text in texts[1:])
