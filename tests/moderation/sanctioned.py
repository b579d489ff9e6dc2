"""Decisions with a sanction, as moderators take them over HTTP."""

from typing import Any

import pytest

from tests.moderation.factories import case_about
from tests.people import SignedIn, id_of

SUSPEND = {"kind": "suspend", "days": 14}


async def decided(
    author: SignedIn,
    reporter: SignedIn,
    moderator: SignedIn,
    sanction: dict[str, Any],
) -> str:
    """A case about a post, decided with a sanction; returns its id."""
    case_id = await case_about(id_of(await author.publish()), reporter, moderator)
    answer = await moderator.decide(case_id, "hide", sanction=sanction)
    assert answer.status_code == 201, answer.text
    return case_id


async def own(person: SignedIn) -> list[dict[str, Any]]:
    """The sanctions that somebody is told of."""
    return list((await person.get("/me/sanctions"))["items"])


async def proposal(moderator: SignedIn) -> dict[str, Any]:
    """The one that waits for another moderator."""
    (one,) = (await moderator.get("/sanctions/proposed"))["items"]
    return dict(one)


async def suspended(
    author: SignedIn,
    reporter: SignedIn,
    first: SignedIn,
    second: SignedIn,
    *,
    days: int | None = 14,
) -> str:
    """A member who is suspended by two, for two weeks or as said; returns the case."""
    case_id = await decided(author, reporter, first, {**SUSPEND, "days": days})
    path = f"/sanctions/{(await proposal(second))['id']}/confirm"
    assert (await second.post(path)).status_code == 204
    return case_id


async def is_intact(moderator: SignedIn) -> bool:
    """Whether nothing in the log was touched; fails with what was."""
    found = await moderator.check_log()
    return bool(found["is_intact"]) or pytest.fail(found["why"])
