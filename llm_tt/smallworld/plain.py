"""Plain sentences between the tasks, so that the model writes readable text. Nothing in them is asked."""

from random import Random

from llm_tt.smallworld.world import the_world

TEMPLATES = (
    "{Name} walked to the {place}.",
    "{Name} opened the {container} and found a {object}.",
    "It was a {weather} day.",
    "It was {weather} in the {place}.",
    "The {animal} slept near the {place}.",
    "{Name} wanted to buy a {object}.",
    "The {person} put the {object} into the {container}.",
    "The {person} came to the {place} in the {time}.",
    "In the {time}, {Name} likes to read a book.",
    "{Name} lives near the {place}.",
    "There was a {size} {object} in the {container}.",
    "The {size} {animal} ran through the {place}.",
    "{Name} and {Friend} are good friends.",
    "Nobody knew where the {object} was.",
    "The {object} was {size} and {paint}.",
    "In the {time} the {place} was {mood}.",
    "{Name} felt {mood}.",
    "One day the {person} met a {size} {animal} at the {place}.",
    "Then the {person} went home.",
    "The {person} told {Name} a story about the {animal}.",
    "After that, everybody was {mood}.",
    "{Name} took the {object} and went to the {place}.",
    "The {place} is next to the {place2}.",
    "Every {time} the {person} feeds the {animal}.",
)
WEATHER = ("sunny", "cold", "warm", "rainy", "windy", "quiet", "beautiful", "dark")
TIMES = ("morning", "evening", "afternoon", "night", "summer", "winter", "spring")
SIZES = ("big", "small", "little", "new", "heavy", "tiny", "huge", "broken")
MOODS = ("happy", "quiet", "tired", "empty", "calm", "sad", "busy")


def write_plain(rng: Random) -> str:
    """One sentence that could stand anywhere."""
    world = the_world()
    name, friend = rng.sample(world.names, 2)
    place, place2 = rng.sample(world.places, 2)
    return rng.choice(TEMPLATES).format(
        Name=name,
        Friend=friend,
        place=place,
        place2=place2,
        container=rng.choice(world.containers),
        object=rng.choice(world.objects),
        paint=rng.choice(world.paints),
        person=rng.choice(world.female_nouns + world.male_nouns),
        animal=rng.choice(world.relations["animal_sound"])[0],
        weather=rng.choice(WEATHER),
        time=rng.choice(TIMES),
        size=rng.choice(SIZES),
        mood=rng.choice(MOODS),
    )
