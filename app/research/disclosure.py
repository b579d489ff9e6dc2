"""Disclosure control of microdata: pure functions, named constants, the rule cited.

k-anonymity (Samarati and Sweeney, "Protecting privacy when disclosing information", 1998): every
combination of quasi-identifiers that occurs is shared by at least k people. Here a person's whole
record counts as one combination: all their periods in bands, and all their answers. k is 5 for
files that stay inside a signed research team. Values are recoded locally, step by step: first to
coarser bands, last to WITHHELD. A withheld value counts as a value of its own, as pyCANON counts
it, not as one that could be anything: that is the stricter reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from app.research.codes import K

_SIZE: Final = "size of the class"
_PEOPLE: Final = "people"
_CLASS: Final = "class"


class TooFewPeopleError(ValueError):
    """Fewer than k people can't be hidden among each other, whatever is recoded."""


class BadRecordsError(ValueError):
    """Records or steps that can't be made k-anonymous as they are; says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to some columns of the people who still stand in a class below k.

    Codes in `to` become what it says; all others `otherwise`, or stay when that is None.
    """

    columns: tuple[str, ...]
    to: Mapping[int, int] = field(default_factory=dict)
    otherwise: int | None = None


@dataclass(frozen=True, slots=True)
class Recoded:
    """Records that are k-anonymous, and what it cost."""

    #: The frame as it came, with its columns recoded.
    frame: pl.DataFrame
    k: int
    smallest_class: int
    #: How many people have another value than before, by column.
    changed: dict[str, int]


def class_sizes(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """How many rows share the combination of each row."""
    return frame.select(pl.len().over(columns).alias(_SIZE)).to_series()


def smallest_class(frame: pl.DataFrame, columns: Sequence[str]) -> int:
    """The k of these rows: the size of the smallest class, 0 when there are none."""
    if frame.is_empty():
        return 0
    sizes = frame.group_by(columns).len(name=_SIZE).get_column(_SIZE)
    return int(sizes.min() or 0)  # type: ignore[arg-type]


def recode(
    frame: pl.DataFrame, columns: Sequence[str], steps: Sequence[Step], *, k: int = K
) -> Recoded:
    """Take the steps one after the other until every combination of `columns` is shared by at
    least `k` rows; a row is a person.

    The last step that names a column must give one value to all its codes. If after the last step
    some people have that value in all columns and are fewer than k, the smallest other classes
    join them. The outcome depends on the rows alone, not on their order. Raises TooFewPeopleError
    and BadRecordsError.
    """
    _check(frame, columns, steps)
    if frame.height < k:
        raise TooFewPeopleError
    classes = frame.group_by(columns).len(name=_PEOPLE).sort(columns).with_row_index(_CLASS)
    of_row = frame.select(columns).join(classes, on=list(columns), maintain_order="left")
    told = classes.drop(_CLASS)
    for step in steps:
        is_small = told.select(_size(columns) < k).to_series()
        if not is_small.any():
            break
        told = told.with_columns(_after(step, column, is_small) for column in step.columns)
    told = _fill_up(told, columns, steps, k)
    recoded = told.select(columns)[of_row.get_column(_CLASS)]
    changed = {
        column: int((recoded.get_column(column) != frame.get_column(column)).sum())
        for column in columns
    }
    return Recoded(
        frame=frame.with_columns(recoded.get_columns()),
        k=k,
        smallest_class=smallest_class(recoded, columns),
        changed=changed,
    )


def _check(frame: pl.DataFrame, columns: Sequence[str], steps: Sequence[Step]) -> None:
    for column in columns:
        values = frame.get_column(column)
        if not values.dtype.is_integer() or values.null_count():
            raise BadRecordsError(f"{column} holds something that is not a code.")
        last = next((step for step in reversed(steps) if column in step.columns), None)
        if last is None or last.otherwise is None:
            raise BadRecordsError(f"No step withholds {column}: small classes could stay.")


def _size(columns: Sequence[str]) -> pl.Expr:
    return pl.col(_PEOPLE).sum().over(columns)


def _after(step: Step, column: str, is_small: pl.Series) -> pl.Expr:
    old = pl.col(column)
    default = old if step.otherwise is None else pl.lit(step.otherwise)
    new = old.replace_strict(dict(step.to), default=default) if step.to else default
    return pl.when(is_small).then(new).otherwise(old).cast(pl.Int16).alias(column)


def _fill_up(
    told: pl.DataFrame, columns: Sequence[str], steps: Sequence[Step], k: int
) -> pl.DataFrame:
    """Let the smallest classes join those of whom nothing is told, while these are too few."""
    nothing = {column: step.otherwise for step in steps for column in step.columns}
    sizes = told.group_by(columns).agg(pl.col(_PEOPLE).sum()).sort(_PEOPLE, *columns)
    is_nothing = pl.all_horizontal(pl.col(column) == nothing[column] for column in columns)
    gathered = int(sizes.filter(is_nothing).get_column(_PEOPLE).sum())
    if not 0 < gathered < k:
        return told
    others = sizes.filter(~is_nothing)
    before = others.get_column(_PEOPLE).cum_sum() - others.get_column(_PEOPLE)
    joining = others.filter(gathered + before < k).select(columns).with_columns(joins=True)
    joins = told.join(joining, on=list(columns), how="left", maintain_order="left")
    is_joining = joins.get_column("joins").is_not_null()
    return told.with_columns(
        pl.when(is_joining)
        .then(pl.lit(nothing[column]))
        .otherwise(pl.col(column))
        .cast(pl.Int16)
        .alias(column)
        for column in columns
    )
