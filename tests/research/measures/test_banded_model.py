"""The parts of the banded model, against what is known of them: data with a known truth."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from app.research.instruments import wording_access
from app.research.measures import band_margins, banded_model, interval_regression, latent_deviates
from app.research.measures.nested_sums import (
    NoDifferenceError,
    NoModelError,
    NotConvergedError,
)

_ENDS = np.array([-np.inf, -1.0, 0.5, 2.0, np.inf])
_PHQ9 = wording_access.find("phq9").scores[0]


def test_interval_regression_finds_effects_residual_and_errors() -> None:
    """2,000 people with two rows: errors of about 0.02; five of them are held."""
    draw = np.random.default_rng(1)
    people = np.repeat(np.arange(2_000), 2)
    own = np.repeat(draw.normal(0, 0.6, 2_000), 2)
    x = draw.normal(size=4_000)
    y = 0.3 + 0.7 * x + own + draw.normal(0, 0.8, 4_000)
    place = np.digitize(y, _ENDS[1:-1])
    columns = np.column_stack([np.ones(4_000), x])
    found = interval_regression.fit(_ENDS[place], _ENDS[place + 1], columns, people)
    assert found.effects == pytest.approx([0.3, 0.7], abs=0.1)
    assert found.residual == pytest.approx(1.0, abs=0.08)
    apart = interval_regression.fit(_ENDS[place], _ENDS[place + 1], columns, np.arange(4_000))
    assert found.errors[0] > 1.1 * apart.errors[0], "rows of one person tell less than of two"
    assert 0.015 < found.errors[1] < 0.03


def test_very_narrow_bands_are_a_linear_regression() -> None:
    draw = np.random.default_rng(2)
    columns = np.column_stack([np.ones(300), draw.normal(size=300)])
    y = columns @ [1.0, -0.5] + draw.normal(size=300)
    low = np.floor(y * 1_000) / 1_000
    found = interval_regression.fit(low, low + 0.001, columns, np.arange(300))
    assert found.effects == pytest.approx(np.linalg.lstsq(columns, y)[0], abs=1e-3)


def test_bands_that_tell_no_scale_and_columns_that_say_the_same_have_no_model() -> None:
    low, high = np.array([-np.inf, 1.0] * 10), np.array([1.0, np.inf] * 10)
    one = np.ones((20, 1))
    with pytest.raises(NoModelError, match="how far people are apart"):
        interval_regression.fit(low, high, one, np.arange(20))
    place = np.arange(20) % 4
    ends = _ENDS[place], _ENDS[place + 1]
    with pytest.raises(NoModelError, match="told apart"):
        interval_regression.fit(*ends, np.ones((20, 2)), np.arange(20))


def test_outcomes_that_a_column_divides_without_a_rest_do_not_converge() -> None:
    place = np.repeat(np.arange(4), 10)
    columns = np.column_stack([np.ones(40), place.astype(np.float64)])
    with pytest.raises(NotConvergedError):
        interval_regression.fit(_ENDS[place], _ENDS[place + 1], columns, np.arange(40))


@pytest.mark.parametrize("seed", range(8))
def test_where_nobody_changed_no_interval_is_told_in_whatever_order_people_stand(seed: int) -> None:
    """Everybody stays in their band, so that time has an effect of nothing without any chance."""
    draw = np.random.default_rng(seed)
    order = np.repeat(draw.permutation(12), 2)
    first, place = draw.normal(size=4)[order * 5 // 3 % 4], order % 4
    columns = np.column_stack([np.ones(24), np.tile([1.0, 2.0], 12), first])
    with pytest.raises(NoDifferenceError):
        interval_regression.fit(_ENDS[place], _ENDS[place + 1], columns, order)


def test_a_maximum_that_takes_too_many_steps_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interval_regression, "_STEPS", 1)
    place = np.random.default_rng(5).integers(0, 4, 40)
    with pytest.raises(NotConvergedError):
        interval_regression.fit(_ENDS[place], _ENDS[place + 1], np.ones((40, 1)), np.arange(40))


def test_a_step_that_leads_too_far_is_halved() -> None:
    """Nearly all are in the highest band: the shares of bands are told as they are."""
    times = np.array([1, 1, 1, 300])
    place = np.repeat(np.arange(4), times)
    found = interval_regression.fit(
        _ENDS[place], _ENDS[place + 1], np.ones((303, 1)), np.arange(303)
    )
    chances = np.diff(stats.norm.cdf((_ENDS - found.effects[0]) / found.residual))
    assert chances == pytest.approx(times / 303, abs=0.002)


def test_a_count_is_found_within_its_band() -> None:
    """A negative binomial count of mean 9: the mean of everybody in the open band is that of the
    counts themselves."""
    counts = np.random.default_rng(3).negative_binomial(1, 0.1, 20_000)
    bands = ((0, 0), (1, 5), (6, 20), (21, None))
    place = np.digitize(counts, [1, 6, 21])
    found = band_margins.of_counts([bands[one] for one in place])
    for band in range(4):
        here = place == band
        low, high = stats.norm.cdf(found.low[here][0]), stats.norm.cdf(found.high[here][0])
        middle = stats.norm.ppf(low + (high - low) * (np.arange(500) + 0.5) / 500)
        assert found.value(middle).mean() == pytest.approx(
            np.log2(1 + counts[here]).mean(), abs=0.06
        )


def test_correlations_and_means_of_draws_are_those_of_the_normal_distribution() -> None:
    draw = np.random.default_rng(4)
    both = draw.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 8_000)
    place = np.digitize(both, _ENDS[1:-1])
    low, high = _ENDS[place], _ENDS[place + 1]
    together = latent_deviates.correlations(low, high)
    assert together[0, 1] == pytest.approx(0.6, abs=0.04)
    cell = (place == [0, 2]).all(axis=1)
    drawn, weights = latent_deviates.draws(low[cell][:1], high[cell][:1], together)
    found = (weights[0][:, None] * drawn[0]).sum(axis=0)
    assert found == pytest.approx(both[cell].mean(axis=0), abs=0.12)


def test_pairs_that_contradict_each_other_are_mended() -> None:
    """One and two go together, and two and three, but one and three go against each other: by far
    more than three columns can. Each pair is known in rows of its own."""
    signs = ((0, 1, 1), (1, 2, 1), (0, 2, -1))
    low, high = np.full((300, 3), -np.inf), np.full((300, 3), np.inf)
    for number, (one, other, sign) in enumerate(signs):
        for row in range(100 * number, 100 * (number + 1)):
            is_high = row % 2 == 0
            for column, above in ((one, is_high), (other, is_high == (sign > 0))):
                (low if above else high)[row, column] = 0
    together = latent_deviates.correlations(low, high)
    assert np.linalg.eigvalsh(together).min() > 0
    assert np.diag(together) == pytest.approx(1)


def test_too_few_people_have_no_model_and_a_model_of_nothing_has_no_effects() -> None:
    rows = pl.DataFrame({"participant": ["a", "b", "c"], "period": [1, 1, 1], "outcome": [1, 2, 3]})
    with pytest.raises(NoModelError, match="too few people"):
        banded_model.fit(_PHQ9, rows, [], 1)
    assert banded_model.fit(_PHQ9, rows, [], 3) == {}
