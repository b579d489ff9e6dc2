"""The files of a dataset, written as they are frozen, from rows that name only what matters."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from app.research.bands import Options
from app.research.exports import schemas
from app.research.measures.dataset_frames import Frames
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE

Row = Mapping[str, Any]

#: What a column holds where a row does not say; 0, or the empty text, of the others.
_USUAL: Final[dict[str, int]] = {
    "period": 1,
    "joined": 1,
    "last_day": 83,
    "ended": 1,
    "area": NOT_ANSWERED,
    "age_band": NOT_ANSWERED,
    "tenure_band": NOT_ANSWERED,
    "peer_support_before": NOT_ANSWERED,
    "days_observable": 84,
    "group_cluster": NOT_APPLICABLE,
    "area_cluster": NOT_APPLICABLE,
    "answerer": 1,
    "waited": 1,
    "wave": 1,
    "state": 1,
}


def frames_of(folder: Path, options: Options = Options(), **files: Sequence[Row]) -> Frames:  # noqa: B008 - frozen
    """A dataset of these files, each with all its columns: `frames_of(tmp_path, people=[…])`. A
    file that is not named is missing."""
    paths = {name: folder / f"{name}.parquet" for name in files}
    for name, rows in files.items():
        schema = schemas.kept(name, options)
        unknown = {column for row in rows for column in row} - set(schema.names)
        assert not unknown, f"{name} has no {unknown}"
        columns = {one.name: [row.get(one.name, _usual(one)) for row in rows] for one in schema}
        parquet.write_table(pa.table(columns, schema=schema), paths[name])
    return Frames(options, paths)


def _usual(column: pa.Field) -> int | str:
    return "" if pa.types.is_string(column.type) else _USUAL.get(column.name, 0)


def people(count: int, **values: Any) -> list[Row]:
    """So many people, P1 and on, alike in all else."""
    return [{"participant": f"P{number}", **values} for number in range(1, count + 1)]
