"""The glossary has every word that tables, events and modules are named with, and has it once."""

import re
from collections import Counter
from pathlib import Path

import orjson
from sqlmodel import SQLModel

from app import models
from app.core.events import Event
from app.jobs.subscribers import SUBSCRIBERS

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
#: Two screens.
MOST_LINES, MOST_COLUMNS = 116, 160

#: What the field has other words for. Some stand in tables still, where data is: never elsewhere.
FORMER = frozenset(
    (
        *("about", "aside", "callers", "checkup", "conversation", "details", "door"),
        *("drafts", "ending", "facts", "flock", "headcount", "lean", "mine", "parked", "pulls"),
        *("reading", "restored", "seal", "seen", "shown", "surroundings", "wake", "who"),
        *("closures", "evaluating", "locks", "looks", "periods", "play", "server_trial"),
    )
)
FORMER_PHRASES = ("second_look", "second-look", "second look")


def _entries() -> list[str]:
    bold = re.findall(r"\*\*(.+?)\*\*", GLOSSARY.read_text().replace("\n", " "))
    return [word for entry in bold for word in entry.split(", ")]


def _modules() -> set[str]:
    return {path.stem for path in (ROOT / "app").rglob("*.py") if not path.stem.startswith("__")}


def _kinds(event: type[Event]) -> set[str]:
    field = event.model_fields.get("type")
    is_ours = event.__module__.startswith("app.")  # tests have some of their own
    found = {field.default} if is_ours and field and isinstance(field.default, str) else set()
    return found.union(*map(_kinds, event.__subclasses__()))


def _words() -> set[str]:
    assert models, "so that every table is known"
    assert SUBSCRIBERS, "and every event"
    tables = {table.name for table in SQLModel.metadata.tables.values()}
    names = tables | _kinds(Event) | _modules()
    return {word for name in names for word in re.split(r"[._]", name)} - {"and"}


def test_every_word_of_tables_events_and_modules_is_found_once() -> None:
    counted = Counter(_entries())
    assert [word for word, times in counted.items() if times > 1] == []
    assert _words() - set(counted) == set(), "in no entry"
    assert set(counted) - _words() == set(), "names nothing any more"


def test_it_is_two_screens() -> None:
    lines = GLOSSARY.read_text().splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= MOST_COLUMNS


def test_no_module_path_or_act_has_a_former_name() -> None:
    assert _modules() & FORMER == set()
    described = orjson.loads((ROOT / "frontend" / "openapi.json").read_bytes())
    for path, operations in described["paths"].items():
        segments = {part.strip("{}") for part in path.split("/")}
        assert segments & FORMER == set(), path
        for operation in operations.values():
            acts = set(operation["operationId"].split("_")) - {"reading"}
            assert acts & FORMER == set(), operation["operationId"]


def test_a_second_look_is_an_appeal_everywhere() -> None:
    for folder in ("app", "frontend/src", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".ts", ".svelte", ".md"}:
                text = path.read_text().lower()
                assert not any(phrase in text for phrase in FORMER_PHRASES), path
