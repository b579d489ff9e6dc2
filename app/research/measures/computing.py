"""Computing all measures of a dataset in a process of its own, so that it can be ended at any
moment and its memory goes with it.

`python -m app.research.measures.computing FOLDER` reads what was chosen (JSON) from its input and
writes a line of JSON for each measure: what may be seen of it, or why there is nothing. Numbers
that may not be seen never leave the process.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.research.bands import options_of
from app.research.measures import catalogue, protected
from app.research.measures.definitions import MeasureDefinition
from app.research.measures.frames import FileMissingError, Frames
from app.research.measures.shown_parts import ShownResult

MISSING = "This dataset was frozen without what it needs: {}. A later dataset has it."


def compute(frames: Frames, wanted: Sequence[MeasureDefinition]) -> Iterator[ShownResult]:
    """What each of these measures found, as it may be seen, one after another."""
    for measure in wanted:
        try:
            yield protected.result(measure.name, measure.compute(frames))
        except FileMissingError as missing:
            yield ShownResult(measure.name, why=MISSING.format(missing))


def frames_in(folder: Path, chosen: dict[str, Any]) -> Frames:
    """The files of a folder."""
    return Frames(options_of(chosen), {path.stem: path for path in folder.glob("*.parquet")})


def main() -> None:
    """Compute what is asked for, a line each."""
    asked = json.load(sys.stdin)
    frames = frames_in(Path(sys.argv[1]), asked["options"])
    wanted = [one for one in catalogue.ALL if one.name in asked["measures"]]
    for result in compute(frames, wanted):
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
