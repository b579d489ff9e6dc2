"""The manifest: what is in a folder and how to tell that it is whole. Never when it was downloaded,
or two downloads of one dataset would not be the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.research import answer_columns, codebook
from app.research.analysis_plans import PlanRecord
from app.research.analysis_plans import hash_of as hash_of_plan
from app.research.bands import Options
from app.research.dataset_models import Dataset, DatasetFile
from app.research.exports.writers import Format
from app.research.models import Study

NAME: Final = "manifest.json"
#: Statements that a data archive asks for (UK Data Service, "Documenting data": weighting and
#: anonymisation).
WEIGHTING: Final = (
    "The files hold no weights: everyone counts once, and nobody stands for people who did not "
    "take part. How those who did differ from all members, the totals of the community tell "
    "(released with the periods), and how many answered which wave the flow of waves."
)
ANONYMISATION: Final = (
    "Pseudonymous, not anonymous: the files are personal data about health. Codes are random and "
    "lead to nobody without the programme's own link, days count from joining, and no words, "
    "names or places are in them. Someone who knows a person well may still recognise them."
)
#: Rises when the files of a package change their meaning.
PACKAGE_VERSION: Final = 2


def content_hash(file_hashes: Mapping[str, str]) -> str:
    """One hash over the frozen files of rows."""
    lines = "".join(f"{name} {file_hashes[name]}\n" for name in sorted(file_hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def write(
    folder: Path,
    study: Study,
    dataset: Dataset,
    format_: Format,
    *,
    frozen: Mapping[str, DatasetFile],
    rows: Mapping[str, int],
    options: Options,
    agreement: Mapping[str, str] | None,
    plan: PlanRecord,
) -> None:
    """Describe every file that is in the folder by now; `rows` says how many of each left, `plan`
    what was planned when it was frozen."""
    files = {
        path.name: {
            "sha256": hash_of(path),
            "bytes": path.stat().st_size,
            **_shape(path.name, rows, options),
        }
        for path in sorted(folder.iterdir())
    }
    tree = {
        "package_version": PACKAGE_VERSION,
        "study": {"id": str(study.id), "title": study.title},
        "dataset": _describe(dataset, frozen),
        "plan": _planned(plan),
        "format": format_.value,
        "agreement": agreement,
        "files": files,
    }
    (folder / NAME).write_text(dump(tree), encoding="utf-8")


def month_of(dataset: Dataset) -> str:
    """The month of freezing, not the day: with the day, what is counted from enrolment could be
    turned back into dates for whoever was observed up to then."""
    return f"{dataset.cut_off:%Y-%m}"


def _describe(dataset: Dataset, frozen: Mapping[str, DatasetFile]) -> dict[str, Any]:
    return {
        "id": str(dataset.id),
        "number": dataset.number,
        "frozen_in": month_of(dataset),
        "people": "everyone who ever consented to activity or to questionnaires, up to the day on "
        "which they stopped; nobody who was erased",
        "weighting": WEIGHTING,
        "anonymisation": ANONYMISATION,
        "sheet_versions": dataset.sheet_versions,
        "sha256": dataset.sha256,
        # Of exact rows only those leave that a sheet spoke of: other bytes than were frozen.
        "frozen_files": {
            name: file.sha256
            for name, file in sorted(frozen.items())
            if name not in answer_columns.FILES
        },
        "disclosure": dataset.disclosure,
        "software": dataset.software_version,
    }


def _planned(plan: PlanRecord) -> dict[str, Any] | None:
    """The analysis plan in force and what departed from it, the oldest first. Without days, as all
    of a package; none for a study that was frozen before there were plans."""
    in_force = next((one for one in plan.versions if one.version == plan.in_force), None)
    if in_force is None:
        return None
    return {
        "version": in_force.version,
        "sha256": hash_of_plan(in_force),
        "written_late_because": in_force.reason,
        "departures": [
            {
                "from_version": one.version,
                "dataset": None if one.dataset_id is None else str(one.dataset_id),
                "departs": one.departs,
                "reason": one.reason,
            }
            for one in reversed(plan.departures)
        ],
    }


def _shape(name: str, rows: Mapping[str, int], options: Options) -> dict[str, Any]:
    file = name.partition(".")[0]
    if file not in rows:
        return {}
    columns = [column.name for column in codebook.columns(file, options)]
    return {"rows": rows[file], "columns": columns}


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def dump(tree: object) -> str:
    """JSON in one fixed form."""
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
