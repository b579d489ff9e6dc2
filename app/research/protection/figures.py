"""Figures: what is published of a population, and what it leaves open."""

from dataclasses import dataclass

from app.research.protection.populations import Population
from app.research.protection.rules import Rule


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of persons as it is published, with the counts that it leaves open for someone who
    knows the rule. Of one that is held back they are mostly granted whether it is one of a few:
    that makes the audit stricter, and is why figures stay inside. `high` None: no limit."""

    population: Population
    value: int | None
    low: int
    high: int | None


def counted(population: Population, persons: int, rule: Rule) -> Figure:
    """The figure of so many persons, held back when they are too few."""
    value = rule.shown(persons)
    if value is None:
        return Figure(population, None, 0, rule.least - 1)
    return Figure(population, value, *rule.possible(value))


def held_beside(population: Population, rule: Rule) -> Figure:
    """A figure that is held back for the sake of another."""
    return Figure(population, None, rule.least, None)


def held(population: Population) -> Figure:
    """A figure that is held back, for whichever reason: all that a reader is told."""
    return Figure(population, None, 0, None)
