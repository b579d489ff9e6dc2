"""Programmes that several files look at. Each costs more than all tests of it: it is made once in a
run (`tests.support.spread` keeps the files together)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.demo.evaluation.planted import Planted
from tests.demo import evaluated
from tests.demo.evaluated import LASTING, PLAIN, PLANTED, TURNED, Frozen
from tests.support import databases


@asynccontextmanager
async def _frozen(
    postgres: str, planted: Planted, folders: pytest.TempPathFactory
) -> AsyncIterator[Frozen]:
    url = databases.clone(postgres)
    yield await evaluated.frozen(url, planted, folders.mktemp("frozen"))
    databases.drop(postgres, url)


@pytest.fixture(scope="session")
async def planted(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Frozen]:
    """With all that is planted."""
    async with _frozen(postgres, PLANTED, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="session")
async def plain(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Frozen]:
    """Without replies by staff and to oneself, tall screens, and acts of people who stopped."""
    async with _frozen(postgres, PLAIN, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="session")
async def turned(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Frozen]:
    """With each effect the other way round."""
    async with _frozen(postgres, TURNED, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="session")
async def lasting(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Frozen]:
    """With nobody who stops, and no instrument that is insensitive."""
    async with _frozen(postgres, LASTING, tmp_path_factory) as made:
        yield made
