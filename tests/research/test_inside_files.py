"""The files that never leave: who was there from when until when, their days, who gave to whom, how
long posts waited, and which groups people came to."""

from pathlib import Path
from uuid import UUID

import pytest

from app.community.choices import BreakLength
from app.community.events import BreakTaken
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.identity.events import AccountSuspended
from app.programme import groups
from app.programme.choices import GroupKind, GroupMode
from app.programme.groups import GroupWords
from app.programme.models import Organisation
from app.research import inside_columns
from app.research.demographics import Area, Demographics
from app.research.errors.datasets import DatasetNotFoundError
from app.research.exports import package
from app.research.exports.files import read_frame
from app.research.exports.succession import succeed
from app.research.exports.writers import Format
from app.research.models import Purpose
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE
from tests.research.community_events import (
    came,
    happen_and_learn,
    published,
    reacted,
    unreacted,
)
from tests.research.factories import (
    ME,
    ONLY_ACTIVITY,
    START,
    choose,
    closed,
    freeze,
    join,
    later,
    opened,
    release,
    several,
    withdraw,
)
from tests.research.told import codes_of


async def _group(database: Database) -> UUID:
    async with unit_of_work(database) as session:
        made = Organisation(name="One of three", created_at=clock.now())
        session.add(made)
        await session.flush()
        words = GroupWords(
            name="Tuesday",
            mode=GroupMode.ONLINE,
            kind=GroupKind.PEER_LED,
            organisation_id=made.id,
            area_id=None,
            about="",
            place="",
        )
        return (await groups.start(session, words)).id


NOTHING = dict.fromkeys(ONLY_ACTIVITY, False)


async def test_people_stand_with_their_days_and_their_answers(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        whole, gone, back, *_ = await several(database, study, 5)
        told = new_id()
        answers = Demographics(area=Area.WALES)
        await join(database, study, told, ONLY_ACTIVITY, demographics=answers)
        never = new_id()
        await join(database, study, never, {**NOTHING, Purpose.TEXT: True})
    with clock.at(later(days=90)):
        late = new_id()
        await join(database, study, late, ONLY_ACTIVITY)
    for member_id, day in ((gone, 10), (back, 20)):
        with clock.at(later(days=day)):
            await withdraw(database, study, member_id)
    with clock.at(later(days=30)):
        await choose(database, study, back, ONLY_ACTIVITY)
    with clock.at(later(days=100)):
        dataset = await freeze(database, study)
    codes = await codes_of(connection)
    people = {row[0]: row[1:] for row in (await read_frame(database, dataset.id, "people")).rows()}
    last = (dataset.cut_off - START.date()).days
    none = (NOT_ANSWERED,) * 4
    # The band of how long they had been a member is known without asking.
    assert people[codes[whole]][:4] == (1, 0, last, 1)
    assert people[codes[gone]][:4] == (1, 0, 10, 2)
    assert people[codes[back]][:4] == (1, 0, last, 1)
    assert people[codes[late]][:4] == (2, 0, last - 90, 1)
    assert people[codes[told]][4] == list(Area).index(Area.WALES) + 1
    assert people[codes[whole]][4:6] == none[:2]
    assert people[codes[never]][:4] == (1, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE)
    days = await read_frame(database, dataset.id, "days")
    assert days.rows() == [(codes[back], 20, 0, 0, 0, 1)], "a time away, for it ended again"


async def test_where_a_study_ended_days_end_too(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 5)
    with clock.at(later(days=12)):
        await closed(database, study)
    with clock.at(later(days=40)):
        dataset = await freeze(database, study)
    people = await read_frame(database, dataset.id, "people")
    assert set(people.get_column("last_day")) == {12}


async def test_days_say_what_was_done_and_when_a_time_away_began(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        writer, goer, rester, quiet, closed = await several(database, study, 5)
    with clock.at(later(days=3)):
        await happen_and_learn(
            database,
            [
                published(writer),
                published(writer),
                published(goer, to=quiet),
                BreakTaken(member_id=rester, length=BreakLength.WEEK),
                AccountSuspended(account_id=new_id(), member_id=closed),
                came(goer, later(days=2), group=new_id()),
            ],
        )
    with clock.at(later(days=9)):
        dataset = await freeze(database, study)
    codes = await codes_of(connection)
    found = {row[:2]: row[2:] for row in (await read_frame(database, dataset.id, "days")).rows()}
    assert found == {
        (codes[writer], 3): (1, 2, 0, 0),
        (codes[goer], 2): (1, 0, 0, 0),
        (codes[goer], 3): (1, 0, 0, 0),
        (codes[rester], 3): (1, 0, 0, 1),
        (codes[quiet], 3): (0, 0, 0, 0),
        (codes[closed], 3): (0, 0, 0, 1),
    }


async def test_pairs_count_what_was_given_less_what_was_taken_back(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        one, other, third, *_ = await several(database, study, 5)
    outside = new_id()
    with clock.at(later(days=1)):
        await happen_and_learn(
            database,
            [
                published(one, to=other),
                reacted(one, other),
                reacted(other, one),
                reacted(third, one),
                unreacted(third, one),
                published(one, to=one),
                reacted(one, outside),
                reacted(outside, one),
            ],
        )
    with clock.at(later(days=2)):
        dataset = await freeze(database, study)
    codes = await codes_of(connection)
    pairs = await read_frame(database, dataset.id, "pairs")
    assert set(pairs.rows()) == {(codes[one], codes[other], 2), (codes[other], codes[one], 1)}


async def test_first_replies_say_who_wrote_them_and_how_long_posts_waited(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        one, other, *_ = await several(database, study, 5)
    with clock.at(later(days=1)):
        await happen_and_learn(
            database,
            [
                published(other, to=one, waited=30),
                published(new_id(), to=one, waited=59),
                published(other, to=one, waited=90_000),
                published(other, to=one),
                reacted(other, one),
            ],
        )
    with clock.at(later(days=2)):
        dataset = await freeze(database, study)
    codes = await codes_of(connection)
    answered = await read_frame(database, dataset.id, "answered")
    assert answered.rows() == [(codes[one], 1, 1, 1, 2), (codes[one], 1, 1, 5, 1)]


async def test_a_successor_holds_nothing_of_who_was_erased_on_either_side(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 7)
    first, second, third = members[:3]
    with clock.at(later(days=1)):
        acts = [published(first, to=second, waited=5), published(second, to=first, waited=5)]
        await happen_and_learn(database, [*acts, published(third, to=second)])
    with clock.at(later(days=2)):
        dataset = await freeze(database, study)
        codes = await codes_of(connection)
        await withdraw(database, study, first, erase=True)
        made = await succeed(database, dataset.id)
    assert made is not None
    for name in inside_columns.FILES:
        frame = await read_frame(database, made.id, name)
        assert codes[first] not in str(frame.rows()), name
    pairs = await read_frame(database, made.id, "pairs")
    assert pairs.rows() == [(codes[third], codes[second], 1)]
    people = await read_frame(database, made.id, "people")
    assert people.height == 6


@pytest.mark.parametrize("name", inside_columns.FILES)
async def test_none_of_them_leaves(database: Database, tmp_path: Path, name: str) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 5)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
        await release(database, dataset)
        with pytest.raises(DatasetNotFoundError, match=f"no file “{name}”"):
            await package.download(
                database,
                dataset.id,
                format_=Format.CSV,
                folder=tmp_path / "out",
                by=ME,
                only=name,
            )


async def test_groups_stand_with_their_kind_by_the_number_they_have_in_the_study(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    group = await _group(database)
    with clock.at(START):
        goer, *_ = await several(database, study, 5)
    with clock.at(later(days=3)):
        held = [came(goer, later(days=day), group=g) for day, g in ((1, group), (2, new_id()))]
        await happen_and_learn(database, held)
    with clock.at(later(days=9)):
        dataset = await freeze(database, study)
    cursor = await connection.execute(
        "SELECT number FROM research.clusters WHERE thing_id = %s", (group,)
    )
    row = await cursor.fetchone()
    assert row is not None
    groups = await read_frame(database, dataset.id, "groups")
    assert groups.rows() == [(row["number"], "peer_led", "online")]
