"""Use of services and its cost: contacts, and pence at the prices of the table, a person and
look-back."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from app.research import answer_columns
from app.research.instruments import unit_costs, wording_access
from app.research.instruments.structure import Instrument, Item, ItemKind, Method
from app.research.measures import giving_levels, means, wave_answers
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import Base, Estimate, MeasurePart, PeopleShare, Trait, Unit
from app.research.measures.wave_answers import VALUE
from app.research.period_file import PERSON, WAVE
from app.research.special_codes import NOT_APPLICABLE

_SERVICES: Final = "services"


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Wave by wave: whether anything was used, each service, cost, and its change."""
    waves = wave_answers.waves_of(frames.options, _SERVICES)
    if not waves:
        return ()
    instrument = wording_access.find(_SERVICES)
    cost = next(one.name for one in instrument.scores if one.method is Method.COST)
    costs = {wave: wave_answers.told_at(frames, cost, wave) for wave in waves}
    return tuple(
        part
        for wave in waves
        for part in (
            *_contacts(frames, instrument, wave),
            *_costs(frames, wave, costs[wave]),
            *_change(frames, waves[0], wave, costs),
            *_by_giving(frames, wave, costs[wave]),
        )
    )


def _contacts(frames: Frames, instrument: Instrument, wave: int) -> Iterator[MeasurePart]:
    """A service that was not ticked was not used; without an answer to what was used, nothing is
    known of any."""
    used = next(item for item in instrument.items if item.kind is ItemKind.SEVERAL)
    named = [answer_columns.several(used, code) for code in instrument.codes(used)]
    there = wave_answers.handed_in(frames, wave).filter(pl.col(named[0]) >= 0)
    where = wave_answers.spoken(frames.options, wave)
    counted = [item for item in instrument.items if item.kind is ItemKind.NUMBER]
    counts = there.select(_count(item) for item in counted).drop_nulls()
    users = counts.filter(pl.any_horizontal(pl.all() > 0)).height
    label = f"Used any service, {where}"
    yield _users(f"services_any_{wave}", label, users, counts.height)
    costs = unit_costs.newest().rows
    words = answer_columns.option_words(instrument, used)
    for item in counted:
        values = there.select(_count(item)).drop_nulls().to_series().to_numpy().astype(np.float64)
        service = words[item.show_if.codes[0]] if item.show_if else item.name
        name, label = f"{item.name}_{wave}", f"{service}, {where}"
        yield _users(f"{name}_users", f"Used: {label}", int((values > 0).sum()), values.size)
        label = f"Contacts ({costs[item.name].unit}): {label}"
        yield means.mean_of_amounts(name, label, Unit.TIMES, values)


def _users(name: str, label: str, users: int, people: int) -> PeopleShare:
    trait = Trait(name, is_lasting=True)
    return PeopleShare(name, label, users, people, Base(f"{name}_told", people), trait)


def _count(item: Item) -> pl.Expr:
    there = pl.col(item.name)
    none = pl.when(there == NOT_APPLICABLE).then(pl.lit(0))
    return none.when(there >= 0).then(there).alias(item.name)


def _costs(frames: Frames, wave: int, costs: pl.DataFrame) -> Iterator[Estimate]:
    values = costs.get_column(VALUE).to_numpy()
    what = f"Cost a person, {_prices()}, {wave_answers.spoken(frames.options, wave)}"
    yield means.mean_of_amounts(f"cost_{wave}", f"{what}: mean", Unit.PENCE, values)
    median = float(np.median(values)) if values.size else None
    why = "" if values.size else means.NOBODY
    label = f"{what}: median"
    yield Estimate(f"cost_median_{wave}", label, Unit.PENCE, median, values.size, why=why)


def _change(
    frames: Frames, first: int, wave: int, costs: dict[int, pl.DataFrame]
) -> Iterator[Estimate]:
    if wave == first:
        return
    pairs = costs[first].join(costs[wave], on=PERSON, suffix=f"_{WAVE}")
    before, after = (pairs.get_column(one).to_numpy() for one in (VALUE, f"{VALUE}_{WAVE}"))
    where = wave_answers.spoken(frames.options, wave)
    label = f"Cost a person, {_prices()}: mean change to {where}"
    yield means.mean(f"cost_change_{wave}", label, Unit.PENCE, after - before)


def _by_giving(frames: Frames, wave: int, costs: pl.DataFrame) -> Iterator[Estimate]:
    """By what they gave in the period that this wave ends; there is none before the first."""
    if frames.options.schedule.last is None or wave == 1 or not frames.has("doses"):
        return
    people = giving_levels.with_levels(costs, frames, wave - 1)
    for level, words in giving_levels.AXIS.places:
        values = people.filter(pl.col(giving_levels.LEVEL) == level).get_column(VALUE)
        where = wave_answers.spoken(frames.options, wave)
        label = f"Cost a person, {_prices()}, {where}: {words} in the period before"
        name = f"cost_{wave}_{level}"
        yield means.mean_of_amounts(name, label, Unit.PENCE, values.to_numpy())


def _prices() -> str:
    return f"prices of {unit_costs.newest().price_year}"
