"""Measures whose figures no paper prints: R computes them anew from the same rows."""

import csv
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from app.research.measures import (
    balance,
    by_area,
    dose,
    participation_classes,
    reciprocity,
    six_values,
)
from app.research.measures.dataset_frames import Frames
from app.research.measures.results import MeasurePart
from tests.research.measures import outcome_frames as outcomes
from tests.research.measures.finding import estimate, value
from tests.research.measures.frames import Row, frames_of

SCRIPT = Path(__file__).with_name("measures.R")
PEOPLE = 60
NAMES = [f"P{number}" for number in range(PEOPLE)]
#: Codes of areas with their names; groups by their number with their kind.
AREAS = {3: "london", 4: "north_east"}
KINDS = {1: "peer_led", 2: "facilitated"}
VALUES = ("experience", "safety", "choice", "two_way", "connection", "oneself")


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(20261128)


def in_r(folder: Path, **tables: Sequence[Row]) -> dict[str, list[float]]:
    """The figures that R finds in these tables."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as written:
            writer = csv.DictWriter(written, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    program = shutil.which("Rscript")
    assert program, "no Rscript: `make test` brings it"
    done = subprocess.run(
        [program, "--vanilla", SCRIPT],
        cwd=folder,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: [float(one) for one in figures] for name, *figures in lines}


def _interval(parts: Sequence[MeasurePart], name: str) -> list[float | None]:
    found = estimate(parts, name)
    return [found.value, found.low, found.high]


def test_r_finds_the_same_figures(tmp_path: Path, draw: np.random.Generator) -> None:
    people: list[Row] = [{"participant": name} for name in NAMES]
    doses: list[Row] = [
        {
            "participant": name,
            "period": period,
            "days_observable": int(draw.integers(30, 85)),
            **{
                dose_: int(draw.negative_binomial(1, 0.2))
                for dose_ in ("giving", "receiving", "posts", "active_days")
            },
        }
        for name in NAMES
        for period in (1, 2)
    ]
    pairs: list[Row] = [
        {"participant": giver, "counterpart": other, "giving": int(draw.integers(1, 6))}
        for giver in NAMES
        for other in draw.choice(NAMES, 8, replace=False).tolist()
    ]
    first = draw.integers(5, 28, PEOPLE).tolist()
    then: list[int | None] = draw.integers(0, 24, PEOPLE).tolist()
    put: list[int | None] = draw.integers(0, 5, PEOPLE).tolist()
    then[7] = put[11] = None
    areas, kinds = draw.choice([*AREAS], PEOPLE).tolist(), draw.choice([*KINDS], PEOPLE).tolist()
    scores: list[Row] = [
        {"first": first[n], "then": then[n], "value": put[n], "area": areas[n], "kind": kinds[n]}
        for n in range(PEOPLE)
    ]
    found = in_r(tmp_path, people=people, doses=doses, pairs=pairs, scores=scores)

    frames = frames_of(tmp_path, people=people, doses=doses, pairs=pairs)
    assert _interval(balance.compute(frames), "mean_balance") == pytest.approx(found["balance"])
    told = dose.compute(frames)
    quartiles = [value(told, f"active_days_{name}") for name in ("lower", "median", "upper")]
    assert quartiles == pytest.approx(found["active_days"])
    classes = participation_classes.compute(frames)
    assert [value(classes, "gini_all")] == pytest.approx(found["gini"])
    assert [value(classes, "top_10_all")] == pytest.approx(found["top"])
    returned = reciprocity.compute(frames)
    both = [value(returned, f"{name}_reciprocity") for name in ("dyadic", "weighted")]
    assert both == pytest.approx(found["reciprocity"])

    changed = by_area.compute(_of_areas(first, then, areas))
    for code, area in AREAS.items():
        told_there = _interval(changed, f"phq9_total_2_{area}")
        assert told_there == pytest.approx(found[f"area_{code}"])
    valued = six_values.compute(_of_kinds(put, kinds))
    for code, kind in KINDS.items():
        told_there = _interval(valued, f"values_choice_score_2_{kind}")
        assert told_there == pytest.approx(found[f"kind_{code}"])


def _of_areas(first: Sequence[int], then: Sequence[int | None], areas: Sequence[int]) -> Frames:
    people = pl.DataFrame(
        {
            "participant": [outcomes.person(place) for place in range(PEOPLE)],
            "area": areas,
            "last_day": [83] * PEOPLE,
            **dict.fromkeys(("age_band", "tenure_band", "peer_support_before"), -9),
        }
    )
    told = outcomes.of_score("phq9_total", {1: first, 2: then})
    return outcomes.frames(outcomes.options("phq9"), people=people, **told)


def _of_kinds(put: Sequence[int | None], kinds: Sequence[int]) -> Frames:
    rows = outcomes.told(
        {
            1: [{f"values_{name}_score": 2.0 for name in VALUES}] * PEOPLE,
            2: [{f"values_{name}_score": one for name in VALUES} for one in put],
        }
    )
    groups = pl.DataFrame(
        {"group_cluster": [*KINDS], "kind": [*KINDS.values()], "mode": ["room"] * len(KINDS)}
    )
    did = outcomes.doses({1: [{"group_cluster": kind} for kind in kinds]})
    chosen = outcomes.options("values")
    return outcomes.frames(chosen, responses=rows, scores=rows, doses=did, groups=groups)
