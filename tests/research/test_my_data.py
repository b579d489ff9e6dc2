"""My data: exactly what is held, and nothing about anyone else."""

from uuid import UUID

import pytest

from app.core import clock, pages
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research import my_data
from app.research.demographics import AgeBand, Demographics
from app.research.errors.participation import NotTakingPartError
from app.research.models import Purpose
from app.research.registry import ActivityKind
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import (
    EVERYTHING,
    ONLY_ACTIVITY,
    START,
    choose,
    join,
    later,
    opened,
    withdraw,
)


async def test_someone_in_no_study_has_no_data(database: Database) -> None:
    member = new_id()
    assert await my_data.overview(database.pool, member) == []
    with pytest.raises(NotTakingPartError):
        await my_data.activities(database.pool, member, new_id(), None)


async def test_the_overview_tells_consents_answers_counts_and_receipts(
    database: Database,
) -> None:
    study, member, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(
            database, study, member, EVERYTHING, demographics=Demographics(age_band=AgeBand.FROM_45)
        )
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member), reacted(other, member)])
    with clock.at(later(hours=2)):
        await choose(database, study, member, ONLY_ACTIVITY)
    (held,) = await my_data.overview(database.pool, member)
    assert (held.study_id, held.title, held.state) == (study.id, study.title, "open")
    nothing = {kind.value: 0 for kind in ActivityKind}
    assert held.counts == {**nothing, "published": 1, "received": 1}
    assert held.text_count == 0
    assert held.demographics["age_band"] == "45_to_54"
    assert held.demographics["tenure_band"] == "6_to_23_months"
    standing = {one.purpose: one for one in held.consents}
    assert standing[Purpose.ACTIVITY].is_in_force
    assert standing[Purpose.ACTIVITY].since is not None
    assert standing[Purpose.ACTIVITY].until is None
    assert not standing[Purpose.TEXT].is_in_force
    assert standing[Purpose.TEXT].until == later(hours=2)
    assert [len(receipt.acts) for receipt in held.receipts] == [3, 2]
    assert held.sheet_version == 1


async def test_a_purpose_never_agreed_to_has_no_times(database: Database) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member, ONLY_ACTIVITY)
    (held,) = await my_data.overview(database.pool, member)
    contact = next(one for one in held.consents if one.purpose is Purpose.CONTACT)
    assert (contact.is_in_force, contact.since, contact.until) == (False, None, None)


async def test_rows_come_newest_day_first_in_pages_and_all_of_them(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    for day in (1, 2, 3):
        with clock.at(later(days=day)):
            await happen_and_learn(database, [published(member) for _ in range(40)])
    seen, cursor, sizes = [], None, []
    while True:
        rows, cursor = await my_data.activities(database.pool, member, study.id, cursor)
        seen += rows
        sizes.append(len(rows))
        if cursor is None:
            break
    assert sizes == [50, 50, 20]
    assert [row["day"] for row in seen] == [3] * 40 + [2] * 40 + [1] * 40
    assert {(row["day"], row["recorded_on"]) for row in seen} == {
        (day, later(days=day).date()) for day in (1, 2, 3)
    }
    stored = await (await connection.execute("SELECT id FROM research.activities")).fetchall()
    assert {row["id"] for row in seen} == {row["id"] for row in stored}
    assert len(seen) == len(stored)


async def test_a_row_is_shown_as_it_stands_without_a_time_and_without_an_order(
    database: Database, connection: AnyConnection
) -> None:
    study, member, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [reacted(member, other)])
    ((row,), _) = await my_data.activities(database.pool, member, study.id, None)
    cursor = await connection.execute("SELECT * FROM research.activities")
    stored = await cursor.fetchone()
    assert stored is not None
    hidden = {"study_id", "participant_id", "counterpart_id", "occurred_at", "version"}
    hidden |= {"actor_role"}
    assert row.keys() - {"recorded_on"} == stored.keys() - hidden
    assert all(row[name] == stored[name] for name in stored.keys() - hidden)


async def test_nobody_learns_here_who_else_takes_part(database: Database) -> None:
    study, member, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
        theirs = str((await join(database, study, other, ONLY_ACTIVITY)).pseudonym)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member, to=other), reacted(other, member)])
    rows, _ = await my_data.activities(database.pool, member, study.id, None)
    assert len(rows) == 2
    assert theirs not in str(rows)


@pytest.mark.parametrize("word", ["x", "-1", "9" * 19, "１"])
async def test_a_forged_cursor_is_refused(database: Database, word: str) -> None:
    one, other = new_id(), new_id()
    with pytest.raises(pages.BadCursorError):
        await my_data.texts(database.pool, one, other, pages.encode(word))
    for forged in (pages.encode(word, one), pages.encode(1, word), pages.encode(1)):
        with pytest.raises(pages.BadCursorError):
            await my_data.activities(database.pool, one, other, forged)


async def test_a_cursor_from_far_away_finds_nothing_and_breaks_nothing(
    database: Database,
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member)
    far = pages.encode("9" * 18, new_id())
    assert await my_data.activities(database.pool, member, study.id, far) == ([], None)
    assert await my_data.texts(database.pool, member, study.id, pages.encode("9" * 18)) == (
        [],
        None,
    )


async def test_texts_come_newest_first_however_many_were_kept_before(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        code = (await join(database, study, member)).pseudonym
    await connection.execute("SELECT setval('research.texts_id_seq', %s)", (1 << 40,))
    for body in ("first", "second"):
        await connection.execute(
            "INSERT INTO research.texts (study_id, participant_id, post_id, occurred_at, body)"
            " VALUES (%s, %s, %s, %s, %s)",
            (study.id, code, new_id(), later(hours=1), body),
        )
    rows, more = await my_data.texts(database.pool, member, study.id, None)
    assert ([row["body"] for row in rows], more) == (["second", "first"], None)


async def test_after_stopping_it_is_still_shown_and_after_erasing_it_is_gone(
    database: Database,
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member)
    await withdraw(database, study, member)
    (held,) = await my_data.overview(database.pool, member)
    assert not any(one.is_in_force for one in held.consents)
    await withdraw(database, study, member, erase=True)
    assert await my_data.overview(database.pool, member) == []
    with pytest.raises(NotTakingPartError):
        await _texts(database, member, study.id)


async def _texts(database: Database, member: UUID, study_id: UUID) -> object:
    return await my_data.texts(database.pool, member, study_id, None)


async def test_the_rows_do_not_tell_whether_the_other_person_takes_part(
    database: Database,
) -> None:
    study, member, inside, outside = await opened(database), new_id(), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
        await join(database, study, inside, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        acts = [reacted(member, inside), reacted(member, outside), published(member, to=member)]
        await happen_and_learn(database, acts)
    rows, _ = await my_data.activities(database.pool, member, study.id, None)
    assert sorted(row["other_side"] for row in rows) == ["member", "member", "self"]
