"""CSV as R, Excel and everyone read it: UTF-8, commas, names in the first line, empty for none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.research.exports.source import Sink


@contextmanager
def writing(path: Path, _file: str) -> Iterator[Sink]:
    """The blocks as they come: what PostgreSQL writes is the file."""
    with path.open("wb") as opened:
        yield opened.write
