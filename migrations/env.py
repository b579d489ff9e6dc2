"""Runs migrations on one connection, under an advisory lock, with short lock timeouts."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, make_url, pool, text

import app.models  # noqa: F401 - registers every table
from app.core.table_base import SCHEMAS, Base

LOCK = 7_221_015
#: Made and dropped while the community runs, week by week.
PARTITIONS = ("events_before_", "events_other")


def include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Our own schemas only, for the job queue in `public` brings its own; and a partitioned table
    of events without its partitions."""
    if type_ == "schema":
        return name in SCHEMAS
    is_partition = type_ == "table" and parents.get("schema_name") == "core"
    return not (is_partition and str(name).startswith(PARTITIONS))


def run(connection: Connection) -> None:
    """Upgrade or downgrade on a connection that is open."""
    # Waiting for another who migrates may take as long as the migration does.
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        include_name=include_name,
        version_table_schema="public",
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    connection.commit()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
    with create_engine(url, poolclass=pool.NullPool, hide_parameters=True).connect() as opened:
        run(opened)
