"""A folder as one zip whose bytes depend on the files alone."""

import shutil
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: The earliest date that a zip can name: the archive says nothing about when it was made.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


def write(folder: Path, target: Path, *, top: str) -> None:
    """Every file of `folder` under the folder `top`, in the order of names."""
    with ZipFile(target, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{top}/{path.name}", date_time=_NO_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            with path.open("rb") as opened, archive.open(entry, "w") as inside:
                shutil.copyfileobj(opened, inside, 1 << 20)
