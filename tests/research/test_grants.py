"""What researchers may read, column by column: the contract that every reader inside keeps to."""

from typing import Any, LiteralString

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research.dataset_models import Dataset
from app.research.models import Study
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import Frozen, join, later, opened

#: Everything in the database that the role may read. A new line here is a new thing that a
#: researcher could hold against the community: ask first what it is equal to or ordered like.
MAY_READ = {
    "research.activities": {
        "study_id", "participant_id", "day", "time_band", "kind", "version", "actor_role",
        "other_side", "counterpart_id", "target", "intent", "reaction", "length_band", "has_note",
        "ordinal", "latency_band", "session", "seconds",
    },
    "research.participants": {
        "id", "study_id", "state", "was_staff", "tenure_band", "age_band", "area",
        "peer_support_before",
    },
    "research.attendances": {
        "study_id", "participant_id", "day", "minutes", "mode", "group_cluster", "area_cluster",
        "times",
    },
    "research.activity_types": {"kind", "version", "fields"},
}  # fmt: skip

_READABLE: LiteralString = """
    SELECT n.nspname || '.' || c.relname AS name, a.attname AS column
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND (a.attnum > 0 OR has_table_privilege('alongside_research', c.oid, 'SELECT'))
      AND has_column_privilege('alongside_research', c.oid, a.attnum, 'SELECT')
"""


async def _readable(connection: AnyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in await (await connection.execute(_READABLE)).fetchall():
        found.setdefault(row["name"], set()).add(row["column"])
    return found


async def test_the_role_reads_these_columns_and_nothing_else(
    database: Database, connection: AnyConnection
) -> None:
    await opened(database)  # a partition of its own must not be readable past its table
    found = await _readable(connection)
    system = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"}
    assert {name: columns - system for name, columns in found.items()} == MAY_READ
    assert [name for name, columns in found.items() if columns & system] == [
        "research.activity_types"
    ]


async def test_nothing_readable_is_a_time_a_date_or_a_number_of_an_event(
    connection: AnyConnection,
) -> None:
    cursor = await connection.execute(
        "SELECT table_name || '.' || column_name AS name, data_type FROM"
        " information_schema.columns WHERE table_schema = 'research'"
    )
    types = {row["name"]: row["data_type"] for row in await cursor.fetchall()}
    for table, columns in MAY_READ.items():
        for column in columns:
            kind = types[f"{table.partition('.')[2]}.{column}"]
            assert kind in {"text", "integer", "smallint", "boolean", "uuid", "ARRAY"}, column
            assert kind != "uuid" or column == "study_id"


_REFUSED: tuple[LiteralString, ...] = (
    "SELECT * FROM research.activities",
    "SELECT occurred_at FROM research.activities",
    "SELECT id FROM research.activities",
    "SELECT ctid FROM research.activities",
    "SELECT xmin FROM research.activities",
    "SELECT enrolled_on FROM research.participants",
    "SELECT changed_at FROM research.participants",
    "SELECT 1 FROM research.studies",
    "SELECT 1 FROM research.sheets",
    "SELECT 1 FROM research.consents",
    "SELECT 1 FROM research.texts",
    "SELECT id FROM research.attendances",
    "SELECT occurred_at FROM research.attendances",
    "SELECT 1 FROM research.clusters",
    "SELECT 1 FROM research.deliveries",
    "SELECT 1 FROM research.recording_states",
    "SELECT 1 FROM research.look_counts",
    "SELECT 1 FROM research.datasets",
    "SELECT 1 FROM research.dataset_participants",
    "SELECT 1 FROM research.pulls",
    "SELECT 1 FROM research.data_agreements",
    "SELECT 1 FROM identity.study_links",
    "SELECT 1 FROM identity.study_looks",
    "SELECT 1 FROM identity.accounts",
    "SELECT 1 FROM community.posts",
    "SELECT 1 FROM community.members",
    "SELECT 1 FROM moderation.cases",
    "SELECT 1 FROM core.events",
    "SELECT 1 FROM public.procrastinate_jobs",
    "SELECT identity.part_of(gen_random_uuid())",
    "SELECT research.may_record(id, 'activity', now()) FROM research.participants",
    "SELECT research.add_partition(gen_random_uuid(), 'activities')",
    "INSERT INTO research.activities (kind) VALUES ('read')",
    "UPDATE research.participants SET area = 'wales'",
    "DELETE FROM research.texts",
)


async def test_anything_else_is_refused(database: Database, connection: AnyConnection) -> None:
    study, member = await opened(database), new_id()
    with clock.at(later(hours=0)):
        await join(database, study, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    await connection.execute("SET ROLE alongside_research")
    for sql in _REFUSED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(sql)


async def test_what_is_granted_can_be_read(database: Database, connection: AnyConnection) -> None:
    await opened(database)
    await connection.execute("SET ROLE alongside_research")
    for table, columns in MAY_READ.items():
        await connection.execute(f"SELECT {', '.join(sorted(columns))} FROM {table}")


async def test_ids_of_studies_datasets_and_rows_tell_no_time(
    database: Database, connection: AnyConnection, frozen: Frozen
) -> None:
    study, dataset, _ = frozen
    assert isinstance(study, Study)
    assert isinstance(dataset, Dataset)
    cursor = await connection.execute("SELECT id FROM research.activities")
    rows: list[dict[str, Any]] = await cursor.fetchall()
    ids = [study.id, dataset.id, *(row["id"] for row in rows)]
    assert {one.version for one in ids} == {4}
    assert len(rows) > 3
