"""The team's hours: edited by a few, and told truly to whoever is worried."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.core import clock
from app.identity.roles import Role
from app.moderation import messages
from app.moderation.hours import Interval, Team, TeamPresence
from tests.people import People, SignedIn, id_of

LONDON = ZoneInfo("Europe/London")
NINE_TO_NINE = tuple(Interval(day, 9 * 60, 21 * 60) for day in range(7))
TARGETS = {"worried": 30, "breaks_rules": 600, "appeal": 1440}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, when London has UTC; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def body(*hours: tuple[int, int, int], **more: object) -> dict[str, object]:
    names = ("weekday", "opens", "closes")
    return {
        "hours": [dict(zip(names, one, strict=True)) for one in hours],
        "targets": TARGETS,
        **more,
    }


@pytest.mark.parametrize(
    ("intervals", "now", "expected"),
    [
        ((), at(23, 3), TeamPresence(False)),
        (NINE_TO_NINE, at(23, 9), TeamPresence(True, until=at(23, 21))),
        (NINE_TO_NINE, at(23, 21), TeamPresence(False, next_at=at(24, 9))),
        (NINE_TO_NINE, at(23, 3), TeamPresence(False, next_at=at(23, 9))),
        ((Interval(0, 540, 600),), at(23, 10), TeamPresence(False, next_at=at(30, 9))),
        (
            (Interval(0, 1200, 1440), Interval(1, 0, 120)),
            at(24, 1),
            TeamPresence(True, until=at(24, 2)),
        ),
        (tuple(Interval(day, 0, 1440) for day in range(7)), at(23, 3), TeamPresence(True)),
    ],
)
def test_hours_say_who_is_here(
    intervals: tuple[Interval, ...], now: datetime, expected: TeamPresence
) -> None:
    assert Team(intervals, {}, LONDON).standing(now) == expected


def test_hours_follow_the_clock_of_the_programme_also_in_summer() -> None:
    team = Team(NINE_TO_NINE, {}, LONDON)
    night = datetime(2026, 7, 1, 7, 59, tzinfo=UTC)
    assert team.standing(night).next_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    turned = datetime(2026, 10, 25, 1, tzinfo=UTC)  # the night the clocks go back
    assert team.standing(turned).next_at == datetime(2026, 10, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (TeamPresence(True, until=at(23, 21)), "Moderators are here until 9pm today."),
        (TeamPresence(True, until=at(24, 0)), "Moderators are here until midnight."),
        (TeamPresence(True), "Moderators are here at every hour."),
        (TeamPresence(False, next_at=at(24, 9, 30)), "next here at 9:30am tomorrow."),
        (TeamPresence(False, next_at=at(27, 12)), "next here at midday on Friday."),
        (TeamPresence(False), "We can't promise when someone reads it."),
    ],
)
def test_whoever_is_worried_reads_the_truth_by_the_hours(standing: TeamPresence, said: str) -> None:
    with clock.at(at(23, 15)):
        assert said in messages.who_reads(standing, LONDON)


async def test_a_worry_at_night_is_told_when_the_team_is_next_here(
    people: People, rowan: SignedIn, sky: SignedIn
) -> None:
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    saved = await lead.client.put(
        "/api/v1/moderation/hours", json=body(*[(day, 540, 1260) for day in range(7)])
    )
    assert saved.status_code == 200, saved.text
    with clock.at(at(27, 3)):
        before = await sky.get("/team-hours")
        told = (await sky.worry(id_of(await rowan.publish()))).json()["message"]
    assert (before["is_here"], before["next_at"]) == (False, "2026-11-27T09:00:00Z")
    assert "No moderator is on duty right now. They are next here at 9am today." in before["words"]
    assert before["words"] in told
    assert "999" in told
    assert "before anything else" not in told
    with clock.at(at(27, 10)):
        told = (await sky.worry(id_of(await rowan.publish()))).json()["message"]
    assert "Moderators are here until 9pm today." in told


async def test_an_administrator_or_safeguarding_lead_edits_hours_and_targets(
    people: People,
) -> None:
    wanted = body((0, 540, 720), (0, 720, 1020), (6, 0, 1440))
    for role in Role:
        if role is Role.MEMBER:
            continue
        person = await people.member(roles=[role])
        answer = await person.client.put("/api/v1/moderation/hours", json=wanted)
        is_allowed = role in {Role.SAFEGUARDING, Role.ADMINISTRATOR}
        assert answer.status_code == (200 if is_allowed else 403), role
        if is_allowed:
            assert answer.json() == {"time_zone": "Europe/London", **wanted}
            assert await person.get("/moderation/hours") == answer.json()
    assert (await (await people.member("Sky")).client.get("/api/v1/moderation/hours")).is_error


@pytest.mark.parametrize(
    "wrong",
    [
        body((0, 540, 720), (0, 700, 900)),
        body((0, 540, 540)),
        body((7, 540, 600)),
        body((0, 540, 1441)),
        body(targets=TARGETS | {"worried": 0}),
        body(targets={"worried": 30}),
    ],
)
async def test_hours_that_can_not_be_are_refused_and_the_former_stay(
    people: People, wrong: dict[str, object]
) -> None:
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    before = await lead.get("/moderation/hours")
    answer = await lead.client.put("/api/v1/moderation/hours", json=wrong)
    assert answer.status_code == 422
    assert await lead.get("/moderation/hours") == before
