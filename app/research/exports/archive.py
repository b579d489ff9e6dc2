"""A folder as one zip whose bytes depend on the files alone."""

import json
import shutil
import unicodedata
import zlib
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from app.research.errors.datasets import BadPackageError
from app.research.exports import manifest

#: The earliest date that a zip can name: the archive says nothing about when it was made.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
#: Of the study's title in a name; a letter can be four bytes, and a name has 255 at most.
_TITLE_LETTERS: Final = 45
_PIECE_BYTES: Final = 1 << 20


def name_of(folder: Path) -> str:
    """What people call it: the study, the month of the cut, which dataset and form.

    Letters and digits of any script, and hyphens: a name that every file system takes. The month
    and not the day, as in the manifest.
    """
    described: dict[str, Any] = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))
    dataset = described["dataset"]
    is_acts = any(Path(name).stem == "acts" for name in described["files"])
    said = [dataset["frozen_in"], "dataset", str(dataset["number"])]
    said += ["acts"] if is_acts else []
    return "-".join([_plain(described["study"]["title"]), *said, described["format"]])


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFC", title)
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    return "-".join(spaced.split())[:_TITLE_LETTERS].strip("-") or "Study"


def write(folder: Path, target: Path, *, top: str) -> None:
    """Every file of `folder` under the folder `top`, in the order of names."""
    with ZipFile(target, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{top}/{path.name}", date_time=_NO_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            with path.open("rb") as opened, archive.open(entry, "w") as inside:
                shutil.copyfileobj(opened, inside, _PIECE_BYTES)


def unpack(source: Path, into: Path) -> Path:
    """The one folder in it, with its files written below `into`; raises BadPackageError."""
    try:
        with ZipFile(source) as archive:
            entries = archive.infolist()
            tops = {entry.filename.partition("/")[0] for entry in entries}
            names = [entry.filename.partition("/")[2] for entry in entries]
            if len(tops) != 1 or len(set(names)) < len(names) or not all(map(_is_file, names)):
                raise BadPackageError(
                    f"{source.name} is not one folder of files, as it was downloaded."
                )
            for entry, name in zip(entries, names, strict=True):
                with archive.open(entry) as inside, (into / name).open("wb") as written:
                    shutil.copyfileobj(inside, written, _PIECE_BYTES)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadPackageError(
            f"{source.name} can't be opened: it is damaged, or no zip."
        ) from error
    return into


def _is_file(name: str) -> bool:
    """A plain name: whatever else a zip can say could be written outside of the folder."""
    return name not in {"", ".", ".."} and not set(name) & set("/\\:\0")
