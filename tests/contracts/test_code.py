"""Rules of the code itself that no linter knows."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def test_there_is_one_place_that_commits() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert len(places) == 1, places
    assert places[0].startswith("app/core/db.py:")


#: These hold connections of their own, never a session's: an export and a question read in one view
#: of the data, and a restore empties a database whole or not at all.
OWN_CONNECTIONS = {
    "app/research/exports/source.py",
    "app/research/exact_counts.py",
    "app/run/backups.py",
}


def test_nothing_opens_a_transaction_past_the_unit_of_work() -> None:
    """psycopg's `transaction()` on a session that has sent nothing yet commits by itself."""
    places = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "transaction"
    }
    assert places == OWN_CONNECTIONS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stand_at_the_top(path: Path) -> None:
    tree = ast.parse(path.read_text())
    inside = [
        node.lineno
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside


def _statements(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module with its line, an f-string as one text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value for part in node.values if isinstance(part, ast.Constant))
            yield node.lineno, "".join(map(str, parts))


def test_a_limit_is_never_a_parameter() -> None:
    """The generic plan knows no parameter: it would be made for a tenth of all rows, and sort."""
    places = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        for line, text in _statements(ast.parse(path.read_text()))
        if re.search(r"\bLIMIT\s+[%$:]", text)
    ]
    assert not places


def test_no_statement_needs_a_newer_postgresql_than_is_promised() -> None:
    """`old` and `new` in RETURNING came with PostgreSQL 18; the README promises 15. The tests run
    on the newest alone, where such a statement works."""
    places = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        for line, text in _statements(ast.parse(path.read_text()))
        if re.search(r"\bRETURNING\b.*?\b(old|new)\.", text, re.DOTALL)
    ]
    assert not places


#: The same noun at two layers: what is stored or worked out, and what the API says of it.
AT_TWO_LAYERS = frozenset(
    (
        *("Attendance", "Group", "Meeting", "Organisation"),
        *("Axis", "Break", "Case", "Cell", "ConsentState", "Dataset", "Decision", "Download"),
        *("Flag", "LogLine", "Member", "Notification", "Option", "ParticipantCounts", "Post"),
        *("PlanDeparture", "PlanSignature"),
        *("ProtectedTable", "Receipt", "Recruitment", "ReleaseDecision", "Sheet", "SignIn"),
        *("StepTemplate", "Study", "ThreadReadMarker", "WelcomingHost"),
    )
)


def _public_classes(paths: Iterable[Path]) -> Counter[str]:
    return Counter(
        node.name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def test_one_name_means_one_class() -> None:
    schemas = [path for path in SOURCES if path.parent.name == "schemas"]
    said = _public_classes(schemas)
    worked_out = _public_classes(path for path in SOURCES if path not in schemas)
    assert [name for counted in (said, worked_out) for name in counted if counted[name] > 1] == []
    assert set(said) & set(worked_out) == AT_TWO_LAYERS


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert not silent


@pytest.mark.parametrize("module", ["app.cli.serving", "app.cli.working", "app.jobs.subscribers"])
def test_a_server_carries_nothing_that_it_never_uses(module: str) -> None:
    """polars and pyarrow are 60 MB and more: loaded where something is frozen or downloaded; scipy
    is 70 MB, where a table is published.
    Alembic is 8 MB, and migrates before a server starts."""
    unused = {"polars", "pyarrow", "numpy", "pyreadstat", "scipy", "typst", "alembic"}
    says = f"import sys, {module}; print({unused} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", says], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("module", ["app.main", "app.jobs.worker", "app.cli.datasets"])
def test_a_process_knows_every_table_that_its_own_point_at(module: str) -> None:
    """A row can be written only where the tables that its own points at are loaded too, and a
    process loads the modules that it uses, not all of `app.models`."""
    says = (
        f"import {module}; from sqlmodel import SQLModel;"
        " [key.column for table in SQLModel.metadata.tables.values() for key in table.foreign_keys]"
    )
    done = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-500:]
