"""What the registry declares is what the database takes: each kind, each version, each field."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import sql

from app.core.ids import random_id
from app.research.registry import FIELDS, MAX_ORDINAL, MAX_READ_SECONDS, TYPES, ActivityKind

#: Fields that every row has, or that no registry needs to tell of.
COMMON = {"kind", "day", "time_band", "actor_role", "session"}
#: What a row of a kind can't be without.
NEEDED = {
    ActivityKind.PUBLISHED: {"length_band"},
    ActivityKind.REPLIED: {"other_side", "target", "length_band"},
    ActivityKind.REACTED: {"other_side", "target", "reaction"},
    ActivityKind.RECEIVED: {"other_side", "target"},
    ActivityKind.TOOK_BACK: {"target"},
    ActivityKind.LOST: {"other_side", "target", "reaction"},
    ActivityKind.READ: {"seconds"},
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.sampled_from([*one.values]) for name, one in FIELDS.items() if one.values},
    "has_note": st.booleans(),
    "ordinal": st.integers(1, MAX_ORDINAL),
    "seconds": st.integers(1, MAX_READ_SECONDS),
    "counterpart_id": st.just("P-00000-01"),
}
FILLED = st.fixed_dictionaries(
    {}, optional={name: values for name, values in VALUES.items() if name not in COMMON}
)

Rows = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def unruled(database_url: str) -> Iterator[tuple[Rows, UUID]]:
    """A study whose rows are held to the constraints of their table alone, not to consent."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        study = random_id()
        connection.execute(
            "INSERT INTO research.studies (id, title, summary, state, created_at)"
            " VALUES (%s, 'x', 'x', 'draft', now())",
            (study,),
        )
        connection.execute("SET session_replication_role = replica")
        yield connection, study


def _insert(connection: Rows, study: UUID, **fields: object) -> str | None:
    """Write a row; by which constraint it is refused, or None."""
    values = {
        "study_id": study, "participant_id": "P-00000-00", "day": 0, "time_band": "night",
        "version": 1, "actor_role": "member", **fields,
    }  # fmt: skip
    statement = sql.SQL("INSERT INTO research.activities ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    try:
        connection.execute(statement, values)
    except psycopg.errors.CheckViolation as refused:
        return refused.diag.constraint_name
    return None


def _fits(kind: ActivityKind, declared: set[str], filled: dict[str, Any]) -> bool:
    needed = NEEDED.get(kind, set())
    if not needed <= filled.keys() <= declared:
        return False
    if ("counterpart_id" in filled) != (filled.get("other_side") == "participant"):
        return False
    if kind is ActivityKind.TOOK_BACK and ("other_side" in filled) != ("reaction" in filled):
        return False
    return not {"reaction", "latency_band"} <= filled.keys()


def test_the_database_takes_the_fields_that_are_declared_and_no_others(
    unruled: tuple[Rows, UUID],
) -> None:
    connection, study = unruled

    @settings(max_examples=1_000, suppress_health_check=list(HealthCheck))
    @given(one=st.sampled_from(TYPES), filled=FILLED, only_declared=st.booleans())
    @example(one=TYPES[0], filled={"length_band": "brief"}, only_declared=False)
    def holds(one: Any, filled: dict[str, Any], *, only_declared: bool) -> None:
        if only_declared:  # else nearly every row would be refused for some field
            filled = {name: value for name, value in filled.items() if name in one.fields}
        refused = _insert(connection, study, kind=one.kind, version=one.version, **filled)
        fits = _fits(one.kind, set(one.fields), filled)
        assert (refused is None) == fits, (one.kind, filled, refused)

    holds()


@pytest.mark.parametrize("one", TYPES, ids=lambda one: f"{one.kind}-{one.version}")
def test_every_kind_is_taken_with_all_it_needs_and_refused_with_any_field_it_has_not(
    unruled: tuple[Rows, UUID], one: Any
) -> None:
    connection, study = unruled
    some: dict[str, Any] = {
        "other_side": "member", "target": "post", "length_band": "long", "reaction": "i_hear_you",
        "seconds": 5, "intent": "saying_hello", "has_note": True, "ordinal": 3,
        "latency_band": "later", "counterpart_id": "P-00000-01",
    }  # fmt: skip
    base = {name: some[name] for name in NEEDED.get(one.kind, set())}
    row = {"kind": one.kind, "version": one.version}
    assert _insert(connection, study, **row, **base) is None
    for name in some.keys() - set(one.fields):
        assert _insert(connection, study, **row, **base, **{name: some[name]}) is not None
    for name in base:
        less = {other: value for other, value in base.items() if other != name}
        assert _insert(connection, study, **row, **less) is not None


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"time_band": "noon"}, "time_band"),
        ({"actor_role": "moderator"}, "actor_role"),
        ({"other_side": "friend"}, "other_side"),
        ({"target": "wall"}, "target"),
        ({"latency_band": "soon"}, "latency"),
        ({"kind": "published", "length_band": "huge"}, "length"),
        ({"kind": "published", "length_band": "long", "ordinal": 0}, "ordinal"),
        ({"kind": "published", "length_band": "long", "ordinal": 101}, "ordinal"),
        ({"kind": "read", "seconds": 0}, "seconds"),
        ({"kind": "read", "seconds": 601}, "seconds"),
        ({"session": 0}, "session"),
        ({"other_side": "participant", "counterpart_id": "P-00000-00"}, "counterpart"),
    ],
)
def test_a_value_that_is_not_declared_is_refused(
    unruled: tuple[Rows, UUID], fields: dict[str, Any], rule: str
) -> None:
    connection, study = unruled
    base = {"kind": "received", "other_side": "member", "target": "post"}
    assert _insert(connection, study, **base) is None
    row = fields if "kind" in fields else base | fields
    assert _insert(connection, study, **row) == f"ck_activities_{rule}"


def test_the_table_of_types_is_the_registry(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        stored = connection.execute("SELECT kind, version, fields FROM research.activity_types")
        found = {(kind, version): tuple(fields) for kind, version, fields in stored}
    assert found == {(one.kind, one.version): one.fields for one in TYPES}
    assert {one.kind for one in TYPES} == set(ActivityKind)
    assert {name for one in TYPES for name in one.fields} | COMMON == (
        FIELDS.keys() | {"counterpart_id"}
    )


@pytest.mark.parametrize(("kind", "version"), [("slept", 1), ("read", 3), ("published", 0)])
def test_an_unknown_kind_or_version_is_refused(database_url: str, kind: str, version: int) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        study = random_id()
        connection.execute(
            "INSERT INTO research.studies (id, title, summary, state, created_at)"
            " VALUES (%s, 'x', 'x', 'draft', now())",
            (study,),
        )
        connection.execute(
            "INSERT INTO research.participants (id, study_id, state, enrolled_on, was_staff,"
            " changed_at) VALUES ('P-00000-00', %s, 'taking_part', '2026-03-02', false, now())",
            (study,),
        )
        connection.execute("ALTER TABLE research.activities DISABLE TRIGGER take_activity")
        rows: dict[str, dict[str, object]] = {
            "read": {"seconds": 5},
            "published": {"length_band": "long"},
        }
        row = rows.get(kind, {})
        with pytest.raises(psycopg.errors.ForeignKeyViolation) as refused:
            _insert(connection, study, kind=kind, version=version, **row)
        name = refused.value.diag.constraint_name
        assert name == "fk_activities_kind_version_activity_types"


def test_a_registered_type_is_never_changed(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for change in (
            "UPDATE research.activity_types SET version = 3",
            "DELETE FROM research.activity_types",
            "TRUNCATE research.activity_types CASCADE",
        ):
            with pytest.raises(psycopg.errors.IntegrityError):
                connection.execute(change)
