"""Places for data folders; what only root can do is collected only for root."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.infra.ordinary import nobody, python_for

collect_ignore = []
if os.geteuid() != 0:
    collect_ignore.append("test_postgres_as_root.py")
if python_for(nobody()) is None:
    collect_ignore.append("test_postgres_as_ordinary_user.py")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A place that the server's user can walk to, unlike pytest's own private folders."""
    with TemporaryDirectory(prefix="alongside-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "postgres"
