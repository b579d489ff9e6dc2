"""Root hands the server over to a user without powers, and opens no folder for it."""

from pathlib import Path

import pytest

from app.postgres import account as accounts
from app.postgres import binaries, running
from tests.infra.support import postmaster_of, rows_in


def test_the_server_runs_as_a_user_without_powers(data_dir: Path) -> None:
    with running(data_dir):
        owner = Path(f"/proc/{postmaster_of(data_dir)}").stat().st_uid
        assert owner == data_dir.stat().st_uid != 0


def test_binaries_and_data_below_a_private_folder_are_placed_where_it_can_reach_them(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = data_dir.parent
    private = base / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr(accounts, "CACHE", base / "cache")
    monkeypatch.setattr(accounts, "STATE", base / "state")
    installation = binaries.installations()[0]
    root = installation.bin.parent
    goal = private / root.parent.name / root.name
    goal.parent.mkdir()
    goal.symlink_to(root)
    libraries = root.parent.with_name(f"{root.parent.name}.libs")
    (private / libraries.name).symlink_to(libraries)
    monkeypatch.setenv(binaries.SETTING, str(goal / "bin"))
    with running(private / "postgres") as dsn:
        assert rows_in(dsn) == 1
    assert private.stat().st_mode & 0o777 == 0o700
    assert list((base / "cache").iterdir())
    assert list((base / "state").iterdir())
