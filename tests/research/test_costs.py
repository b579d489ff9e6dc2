"""What a choice costs is told in values of a hundred: never more than there were."""

import polars as pl

from app.research import period_file
from app.research.bands import OBSERVED, Options
from app.research.special_codes import NOT_ANSWERED, WITHHELD


def test_only_an_answer_that_was_given_can_be_lost() -> None:
    people = [f"P{number}" for number in range(8)]
    counts = pl.DataFrame(
        {"participant": people, "period": 1, OBSERVED: 84, "giving": 0},
        schema_overrides={"period": pl.Int16},
    )
    said = [1, 2, 3, 4, *[NOT_ANSWERED] * 4]
    answers = pl.DataFrame(
        {"participant": people, "age_band": said}, schema_overrides={"age_band": pl.Int16}
    )
    made = period_file.protect(counts, answers, Options(("giving",), ("age_band",)))
    assert set(made.rows.get_column("age_band")) == {WITHHELD}
    assert made.costs["age_band"] == 100
