"""Computing all measures of a dataset in a process of its own, so that it can be ended at any
moment and its memory goes with it.

`python -m app.research.measures.computing FOLDER` reads what was chosen (JSON) from its input and
writes a line of JSON for each measure: what the team may see of it, with charts of that, or why
there is nothing. The last line is what everybody may see of all of them, audited together, with
the figures to keep for the audit of the next. Numbers that may not be seen never leave the process,
except for those figures, which are kept inside.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.research.bands import options_of
from app.research.charts import measure_charts
from app.research.measures import catalogue, outside, protected
from app.research.measures.dataset_frames import FileMissingError, Frames
from app.research.measures.definitions import MeasureDefinition
from app.research.measures.outside import UnprotectedResult

MISSING = "This dataset was frozen without what it needs: {}. A later dataset has it."


def compute(frames: Frames, wanted: Sequence[MeasureDefinition]) -> Iterator[UnprotectedResult]:
    """What each of these measures found, not protected, one after another."""
    for measure in wanted:
        try:
            yield UnprotectedResult(measure.name, measure.compute(frames))
        except FileMissingError as missing:
            yield UnprotectedResult(measure.name, (), MISSING.format(missing))


def frames_in(folder: Path, chosen: dict[str, Any]) -> Frames:
    """The files of a folder."""
    return Frames(options_of(chosen), {path.stem: path for path in folder.glob("*.parquet")})


def main() -> None:
    """Compute what is asked for, a line each; of measures that were `kept` before it was cut off,
    the team has its part already."""
    asked = json.load(sys.stdin)
    frames = frames_in(Path(sys.argv[1]), asked["options"])
    wanted = [one for one in catalogue.ALL if one.name in asked["measures"]]
    every: list[UnprotectedResult] = []
    for found in compute(frames, wanted):
        every.append(found)
        if found.measure not in asked["kept"]:
            _write(_told(found))
    results, figures = outside.protect(
        asked["cut"], every, asked["before"], has_leavers=asked["has_leavers"]
    )
    _write({"outside": [asdict(one) for one in results], "figures": figures})


def _told(found: UnprotectedResult) -> dict[str, Any]:
    """A result as the team may see it, and its charts, drawn from that and nothing else."""
    told = asdict(protected.result(found.measure, found.parts, found.why))
    return told | {"charts": measure_charts.draw(found.measure, told["parts"])}


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
