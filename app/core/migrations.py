"""Bringing a database up to this code, in one process and once however many ask."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url, pool, text

from app.core.errors import NewerDatabaseError

ROOT = Path(__file__).resolve().parents[2]


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on a connection when one is given."""
    made = Config(str(ROOT / "alembic.ini"))
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing; raises NewerDatabaseError, or SQLAlchemy's OperationalError."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        poolclass=pool.NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        _refuse_newer(connection)
        command.upgrade(config(connection), revision)


def _refuse_newer(connection: Connection) -> None:
    if not inspect(connection).has_table("alembic_version", schema="public"):
        return
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    for (revision,) in connection.execute(text("SELECT version_num FROM public.alembic_version")):
        if revision not in known:
            raise NewerDatabaseError(revision)
    connection.rollback()
