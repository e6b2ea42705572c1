"""The facts of the small world, read from facts/*.toml: common knowledge and plain nouns."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FACTS_FOLDER = Path(__file__).with_name("facts")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the sentences may speak of."""

    female_names: tuple[str, ...]
    male_names: tuple[str, ...]
    female_nouns: tuple[str, ...]
    male_nouns: tuple[str, ...]
    relations: dict[str, Pairs]
    """Task name -> (subject, answer): what can be asked without any context."""
    countable: Pairs
    """(singular, plural)"""
    objects: tuple[str, ...]
    places: tuple[str, ...]
    containers: tuple[str, ...]
    paints: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All first names."""
        return self.female_names + self.male_names


@cache
def the_world() -> World:
    """The one small world; read once."""
    people, things, persons, animals = (_read(name) for name in ("people", "things", "persons", "animals"))
    relations = _country_relations(_read("countries"))
    relations["club"] = _pairs(persons["clubs"])
    relations["profession"] = _pairs(persons["professions"])
    relations["animal_sound"] = _pairs(animals["sounds"])
    relations["young_animal"] = _pairs(animals["young"])
    relations["opposite"] = tuple(pair for a, b in _pairs(things["opposites"]) for pair in ((a, b), (b, a)))
    relations["colour"] = _pairs(things["colours"])
    return World(
        female_names=tuple(people["names"]["female"]),
        male_names=tuple(people["names"]["male"]),
        female_nouns=tuple(people["nouns"]["female"]),
        male_nouns=tuple(people["nouns"]["male"]),
        relations=relations,
        countable=_pairs(things["countable"]),
        objects=tuple(things["objects"]),
        places=tuple(things["places"]),
        containers=tuple(things["containers"]),
        paints=tuple(things["paints"]),
    )


def _read(name: str) -> dict[str, Any]:
    with (FACTS_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _pairs(rows: list[list[str]]) -> Pairs:
    return tuple((first, second) for first, second in rows)


def _country_relations(table: dict[str, Any]) -> dict[str, Pairs]:
    """One relation per column after the first; an empty cell is not asked for."""
    return {
        column: tuple((row[0], row[index]) for row in table["rows"] if row[index])
        for index, column in enumerate(table["columns"])
        if index > 0
    }
