"""The log of downloads knows four formats, and a step down keeps what it says."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, make_url, pool

from app.core import migrations
from app.core.ids import new_id
from tests.support import databases

THIS = "research_0011"


@pytest.fixture
def own_url(postgres: str) -> Iterator[str]:
    """A database of one's own."""
    url = databases.clone(postgres)
    yield url
    databases.drop(postgres, url)


def _step(url: str, act: object, to: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        assert callable(act)
        act(migrations.config(connection), to)


def _log(url: str, format_: str) -> None:
    """A line of the log; the dataset that it names is not looked for."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO research.pulls"
            " (study_id, dataset_id, pulled_at, pulled_by, how, what, format)"
            " VALUES (%s, %s, now(), %s, 'screen', 'all', %s)",
            (new_id(), new_id(), new_id(), format_),
        )


def _logged(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [
            row[0] for row in connection.execute("SELECT format FROM research.pulls ORDER BY id")
        ]


def test_the_log_takes_these_formats_and_keeps_them_on_the_way_down_and_up(own_url: str) -> None:
    for format_ in ("csv", "parquet", "sav", "dta"):
        _log(own_url, format_)
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_pulls_format"):
        _log(own_url, "xlsx")
    _step(own_url, command.downgrade, f"{THIS}-1")
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_pulls_format"):
        _log(own_url, "sav")
    assert _logged(own_url) == ["csv", "parquet", "sav", "dta"]
    _step(own_url, command.upgrade, THIS)
    _log(own_url, "dta")
    assert _logged(own_url)[-1] == "dta"
