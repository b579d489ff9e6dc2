"""Two programmes of an evaluation, made once for the tests that look at them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.demo.evaluated import PLANTED, Frozen, frozen
from tests.support import databases


@contextmanager
def _cloned(server: str) -> Iterator[str]:
    url = databases.clone(server)
    yield url
    databases.drop(server, url)


@pytest.fixture(scope="session")
async def planted(postgres: str) -> AsyncIterator[Frozen]:
    """With planted effects."""
    with _cloned(postgres) as url:
        yield await frozen(url, PLANTED)


@pytest.fixture(scope="session")
async def without(postgres: str) -> AsyncIterator[Frozen]:
    """The same without its effects, and without what must move nothing."""
    nothing = replace(
        PLANTED,
        giving_effect=0.0,
        values_effect=0.0,
        staff_replies=0.0,
        self_replies=0.0,
        tall_screen_share=0.0,
    )
    with _cloned(postgres) as url:
        yield await frozen(url, nothing)
