"""The manifest: what is in a folder and how to tell that it is whole. Never when it was pulled,
or two pulls of one dataset would not be the same bytes."""

import csv
import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any, Final

from app.research import codebook
from app.research.dataset_models import Dataset
from app.research.exports.source import Read
from app.research.exports.writers import Format
from app.research.models import Study

NAME: Final = "manifest.json"
#: Rises when the files of a package change their meaning.
PACKAGE_VERSION: Final = 1


def content_hash(file_hashes: dict[str, str]) -> str:
    """One hash over the content of all files of rows."""
    lines = "".join(f"{file} {file_hashes[file]}\n" for file in codebook.FILES)
    return hashlib.sha256(lines.encode()).hexdigest()


def write_codebook(folder: Path) -> None:
    """The codebook twice: as a plain table, and as JSON."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(codebook.HEADER)
    writer.writerows(codebook.as_rows())
    (folder / "codebook.csv").write_text(table.getvalue(), encoding="utf-8")
    (folder / "codebook.json").write_text(dump(codebook.as_tree()), encoding="utf-8")


def write(
    folder: Path, study: Study, dataset: Dataset, format_: Format, reads: dict[str, Read]
) -> None:
    """Describe every file that is in the folder by now."""
    files = {
        path.name: {
            "sha256": hash_of(path),
            "bytes": path.stat().st_size,
            **_shape(path.name, reads),
        }
        for path in sorted(folder.iterdir())
    }
    tree = {
        "package_version": PACKAGE_VERSION,
        "study": {"id": str(study.id), "title": study.title},
        "dataset": _describe(dataset),
        "format": format_.value,
        "files": files,
    }
    (folder / NAME).write_text(dump(tree), encoding="utf-8")


def _describe(dataset: Dataset) -> dict[str, Any]:
    """The month of freezing, not the moment: with the moment, days since enrolment could be
    turned back into dates for whoever acted just before it."""
    return {
        "id": str(dataset.id),
        "number": dataset.number,
        "frozen_in": f"{dataset.frozen_at:%Y-%m}",
        "cutoff_activity": dataset.cutoff_id,
        "consent": "activity, in force at the cut-off",
        "sheet_versions": dataset.sheet_versions,
        "sha256": dataset.sha256,
        "disclosure": {"rule": "k-anonymity", **dataset.disclosure},
        "software": dataset.software_version,
    }


def _shape(name: str, reads: dict[str, Read]) -> dict[str, Any]:
    file = name.partition(".")[0]
    return {"rows": reads[file].rows, "columns": codebook.names(file)} if file in reads else {}


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def dump(tree: object) -> str:
    """JSON in one fixed form."""
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
