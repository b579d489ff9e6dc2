"""From events to rows: what is kept about whom, what is left out, who the other side was."""

from datetime import timedelta

import pytest

from app.community.choices import BreakLength
from app.community.events import BreakTaken
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.events import Event, Position, Recorded
from app.core.ids import new_id
from app.core.settings import Settings
from app.identity.roles import Role
from app.research import activity
from app.research.demographics import TenureBand, tenure_band
from app.research.models import Purpose
from tests.identity.factories import someone
from tests.research.community_events import (
    edited,
    happen,
    happen_and_learn,
    learn,
    published,
    reacted,
    unreacted,
    withdrawn,
)
from tests.research.factories import ONLY_ACTIVITY, START, closed, join, later, opened, withdraw
from tests.research.recorded import rows, shown, taking_part

NO_ACTIVITY = {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: False}


async def test_a_post_becomes_a_row_without_post_or_text_or_time(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    (code,) = await taking_part(database, member)
    event = published(member, length=120)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [event])
    (row,) = await rows(connection)
    assert (row["participant_id"], row["kind"], row["version"]) == (code, "published", 1)
    assert (row["intent"], row["length_band"], row["has_note"]) == ("saying_hello", "short", False)
    assert (row["day"], row["time_band"], row["actor_role"]) == (2, "morning", "member")
    assert (row["other_side"], row["counterpart_id"], row["target"]) == (None, None, None)
    assert (row["ordinal"], row["session"], row["occurred_at"]) == (1, 1, None)
    assert row["id"].version == 4
    assert str(event.post_id) not in str(row)
    assert str(member) not in str(row)


async def test_a_reply_is_given_by_one_and_received_by_the_other(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    giver, receiver = await taking_part(database, one, other)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other), reacted(one, other)])
    assert await shown(connection, "kind", "other_side", "counterpart_id", "reaction") == sorted(
        [
            (giver, "replied", "participant", receiver, None),
            (receiver, "received", "participant", giver, None),
            (giver, "reacted", "participant", receiver, "i_hear_you"),
            (receiver, "received", "participant", giver, "i_hear_you"),
        ],
        key=str,
    )


async def test_someone_who_does_not_take_part_is_never_named(
    database: Database, connection: AnyConnection
) -> None:
    one, outsider = new_id(), new_id()
    (code,) = await taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [published(one, to=outsider), published(outsider, to=one), published(outsider)],
        )
    assert await shown(connection, "kind", "other_side", "counterpart_id") == [
        (code, "received", "member", None),
        (code, "replied", "member", None),
    ]


async def test_someone_who_takes_part_without_activity_is_never_named(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, one, ONLY_ACTIVITY)
        await join(database, study, other, NO_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other), published(other)])
    (row,) = await rows(connection)
    assert (row["kind"], row["other_side"], row["counterpart_id"]) == ("replied", "member", None)


async def test_whoever_has_stopped_is_another_member_from_then_on(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        for member in (one, other):
            await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [reacted(one, other)])
    with clock.at(later(hours=2)):
        await withdraw(database, study, other)
    with clock.at(later(hours=3)):
        await happen_and_learn(database, [reacted(one, other), published(other, to=one)])
    sides = [(row["kind"], row["day"], row["other_side"]) for row in await rows(connection)]
    assert sorted(sides) == [
        ("reacted", 0, "member"),
        ("reacted", 0, "participant"),
        ("received", 0, "member"),
        ("received", 0, "participant"),
    ]


async def test_replying_to_oneself_is_told_apart_and_reacting_to_oneself_is_nothing(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [published(member, to=member), reacted(member, member), unreacted(member, member)],
        )
    (row,) = await rows(connection)
    assert (row["kind"], row["other_side"], row["counterpart_id"]) == ("replied", "self", None)


async def test_what_staff_do_for_a_participant_is_told_apart_and_staff_are_not_recorded(
    database: Database, settings: Settings, connection: AnyConnection
) -> None:
    member = new_id()
    (code,) = await taking_part(database, member)
    moderator = await someone(database, settings, roles=[Role.MODERATOR])
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [published(moderator.member_id, to=member), reacted(member, moderator.member_id)],
        )
    assert await shown(connection, "kind", "other_side", "counterpart_id") == [
        (code, "reacted", "staff", None),
        (code, "received", "staff", None),
    ]


async def test_hosts_and_advisers_are_peers_whose_part_is_told(
    database: Database, settings: Settings, connection: AnyConnection
) -> None:
    host = await someone(database, settings, roles=[Role.HOST, Role.ADVISER])
    adviser = await someone(database, settings, roles=[Role.ADVISER])
    one, other = await taking_part(database, host.member_id, adviser.member_id)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(host.member_id, to=adviser.member_id)])
    assert await shown(connection, "kind", "actor_role", "other_side") == sorted(
        [(one, "replied", "host", "participant"), (other, "received", "adviser", "participant")],
        key=str,
    )


async def test_two_studies_each_know_only_their_own(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    first = await taking_part(database, one, other)
    (second,) = await taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other)])
    found = {
        row["participant_id"]: (row["other_side"], row["counterpart_id"])
        for row in await rows(connection)
        if row["kind"] == "replied"
    }
    assert found == {first[0]: ("participant", first[1]), second: ("member", None)}


async def test_a_member_in_five_studies_is_someone_else_in_each(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    pairs = [await taking_part(database, one, other) for _ in range(5)]
    assert len({code for pair in pairs for code in pair}) == 10
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one), reacted(other, one)])
    found = await rows(connection)
    assert len(found) == 15
    assert len({row["study_id"] for row in found}) == 5
    given = {
        (row["participant_id"], row["counterpart_id"]) for row in found if row["kind"] == "reacted"
    }
    assert given == {(other_code, code) for code, other_code in pairs}


async def test_what_a_reply_or_a_reaction_was_about_is_told(
    database: Database, connection: AnyConnection
) -> None:
    one, outsider = new_id(), new_id()
    (code,) = await taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [
                published(one, to=outsider),
                published(one, to=outsider, to_reply=True),
                published(outsider, to=one, to_reply=True),
                reacted(one, outsider),
                reacted(outsider, one, to_reply=True),
            ],
        )
    assert await shown(connection, "kind", "target", "reaction") == [
        (code, "reacted", "post", "i_hear_you"),
        (code, "received", "reply", "i_hear_you"),
        (code, "received", "reply", None),
        (code, "replied", "post", None),
        (code, "replied", "reply", None),
    ]


async def test_taking_a_reaction_back_is_an_act_and_toggling_thrice_is_one_reaction(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    giver, receiver = await taking_part(database, one, other)
    toggles = (reacted, unreacted, reacted, unreacted, reacted)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [toggle(one, other) for toggle in toggles])
    found = await shown(connection, "kind", "other_side", "counterpart_id", "target", "reaction")
    towards = ("participant", receiver, "post", "i_hear_you")
    back = ("participant", giver, "post", "i_hear_you")
    for who, what, undone, rest in (
        (giver, "reacted", "took_back", towards),
        (receiver, "received", "lost", back),
    ):
        assert found.count((who, what, *rest)) - found.count((who, undone, *rest)) == 1
        assert found.count((who, undone, *rest)) == 2
    assert len(found) == 10


async def test_withdrawing_an_own_post_or_reply_is_an_act(
    database: Database, connection: AnyConnection
) -> None:
    one, outsider = new_id(), new_id()
    (code,) = await taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [
                withdrawn(one, new_id()),
                withdrawn(one, new_id(), thread_id=new_id()),
                withdrawn(outsider, new_id()),
            ],
        )
    assert await shown(connection, "kind", "target", "other_side", "reaction") == [
        (code, "took_back", "post", None, None),
        (code, "took_back", "reply", None, None),
    ]


async def test_a_break_is_an_act_about_nobody_else(
    database: Database, connection: AnyConnection
) -> None:
    one, outsider = new_id(), new_id()
    (code,) = await taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [BreakTaken(member_id=member, length=BreakLength.DAY) for member in (one, outsider)],
        )
    assert await shown(connection, "kind", "other_side", "target", "session") == [
        (code, "break_taken", None, None, 1)
    ]


@pytest.mark.parametrize("erase", [False, True])
async def test_what_was_not_yet_delivered_when_someone_withdrew_is_never_kept(
    database: Database, connection: AnyConnection, *, erase: bool
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen(database, published(member))
    with clock.at(later(hours=2)):
        await withdraw(database, study, member, erase=erase)
    await learn(database)
    assert await rows(connection) == []


async def test_nothing_more_is_kept_once_the_study_has_closed(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await closed(database, study)
    with clock.at(later(hours=2)):
        await happen_and_learn(database, [published(member)])
    assert await rows(connection) == []


async def test_writing_nothing_asks_nothing(database: Database) -> None:
    async with unit_of_work(database) as session:
        await activity.write(session, [])


def _recorded(event: Event) -> Recorded:
    payload = event.model_dump(mode="json")
    return Recorded(Position(1, 1), event.event_type, START, (), payload)


def test_an_event_that_tells_of_no_act_gives_no_rows() -> None:
    assert activity.acts_of(_recorded(edited(new_id(), new_id()))) == []


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, TenureBand.UNDER_A_MONTH),
        (30, TenureBand.UNDER_SIX_MONTHS),
        (200, TenureBand.UNDER_TWO_YEARS),
        (730, TenureBand.LONGER),
    ],
)
def test_tenure_comes_in_four_bands(days: int, band: TenureBand) -> None:
    assert tenure_band(START - timedelta(days=days), START) is band
