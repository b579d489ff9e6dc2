"""What works for root works for a user without powers and without a home."""

import os
from pathlib import Path

from tests.infra.ordinary import nobody, python_for, run_as

CODE = """
import os
from pathlib import Path
from app.postgres import running
import psycopg

data = Path({data!r})
for _ in range(2):
    with running(data) as dsn, running(data) as again, psycopg.connect(dsn) as connection:
        assert dsn == again
        pid = int((data / "postmaster.pid").read_text().split()[0])
        print(Path(f"/proc/{{pid}}").stat().st_uid, connection.info.server_version // 10_000)
"""


def test_an_ordinary_user_starts_attaches_and_starts_again(data_dir: Path) -> None:
    account = nobody()
    python = python_for(account)
    assert python
    own = data_dir.parent / "own"
    own.mkdir()
    os.chown(own, account.uid, account.gid)
    done = run_as(account, python, CODE.format(data=str(own / "postgres")))
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [str(account.uid)] * 2
    assert (own / "postgres").stat().st_uid == account.uid


def test_a_folder_of_somebody_else_is_refused_in_one_sentence(data_dir: Path) -> None:
    account = nobody()
    python = python_for(account)
    assert python
    code = (
        "from pathlib import Path\n"
        "from app.core.errors import PostgresError\n"
        "from app.postgres import start\n"
        "try:\n"
        f"    start(Path({str(data_dir)!r}))\n"
        "except PostgresError as problem:\n"
        "    print(problem)\n"
    )
    done = run_as(account, python, code)
    assert "cannot be written" in done.stdout, done.stderr
