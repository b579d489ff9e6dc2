"""The files of a frozen dataset as frames, read when a measure first asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from app.research.bands import Options


class FileMissingError(LookupError):
    """A file that this dataset was frozen without."""


@dataclass(frozen=True, slots=True)
class Frames:
    """A dataset's files by name, and what its study asked. Missing values are the negative codes of
    `special_codes`, as in the files."""

    options: Options
    files: Mapping[str, Path]
    _read: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """A file; raises FileMissingError. Nobody changes the frame."""
        if name not in self.files:
            raise FileMissingError(name)
        if name not in self._read:
            self._read[name] = pl.read_parquet(self.files[name])
        return self._read[name]

    def has(self, *names: str) -> bool:
        """Whether the dataset has these files."""
        return set(names) <= self.files.keys()
