"""Joining, choosing per purpose, stopping: what the member is told and what is stored."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.identity import pseudonyms
from app.research import participation, studies
from app.research.demographics import AgeBand, Area, Demographics, PeerSupportBefore
from app.research.errors.participation import (
    JoiningTwiceError,
    NothingChosenError,
    NotTakingPartError,
)
from app.research.errors.studies import SheetChangedError, StudyClosedError, StudyNotFoundError
from app.research.models import ConsentAct, Purpose
from app.research.receipts import ReceiptState
from tests.research.factories import (
    EVERYTHING,
    ONLY_ACTIVITY,
    START,
    choose,
    closed,
    drafted,
    join,
    later,
    opened,
    withdraw,
)
from tests.support.signed_off import publish_signed_off
from tests.support.waiting import eventually, waiting

NOTHING = dict.fromkeys(Purpose, False)


async def _newer_sheet(database: Database, study_id: object) -> None:
    async with unit_of_work(database) as session:
        study = await studies.access(session, study_id, is_researcher=True, lock="change")  # type: ignore[arg-type]
        await publish_signed_off(session, study, body="Something changed.")


async def test_joining_gives_a_receipt_and_a_random_pseudonym(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    demographics = Demographics(AgeBand.FROM_35, Area.WALES, PeerSupportBefore.NO)
    with clock.at(START):
        receipt = await join(
            database, study, member, ONLY_ACTIVITY, demographics=demographics, days_here=10
        )
    assert receipt.state is ReceiptState.TAKING_PART
    assert receipt.acts == {
        Purpose.ACTIVITY: ConsentAct.GIVEN,
        Purpose.TEXT: ConsentAct.DECLINED,
        Purpose.CONTACT: ConsentAct.DECLINED,
    }
    assert not receipt.already
    stored = await (await connection.execute("SELECT * FROM research.participants")).fetchone()
    assert stored is not None
    assert stored["id"] == receipt.pseudonym
    assert (stored["age_band"], stored["area"]) == ("35_to_44", "wales")
    assert (stored["peer_support_before"], stored["tenure_band"]) == ("no", "under_1_month")
    told = await (await connection.execute("SELECT payload FROM core.events")).fetchall()
    assert str(member) not in str(told)


async def test_joining_again_with_the_same_choices_changes_nothing(database: Database) -> None:
    study, member = await opened(database), new_id()
    first = await join(database, study, member)
    again = await join(database, study, member)
    assert again.already
    assert (again.pseudonym, again.at) == (first.pseudonym, first.at)


async def test_joining_needs_a_choice(database: Database) -> None:
    with pytest.raises(NothingChosenError):
        await join(database, await opened(database), new_id(), NOTHING)


async def test_an_old_sheet_is_refused_and_nothing_is_recorded(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    await _newer_sheet(database, study.id)
    with pytest.raises(SheetChangedError) as refused:
        await join(database, study, new_id(), version=1)
    assert refused.value.extensions == {"sheet_version": 2}
    count = await (await connection.execute("SELECT count(*) FROM research.consents")).fetchone()
    assert count == {"count": 0}
    assert (await join(database, study, new_id(), version=2)).sheet_version == 2


async def test_a_newer_sheet_asks_again_and_the_old_consent_stays_until_then(
    database: Database,
) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member)
    await _newer_sheet(database, study.id)
    with pytest.raises(SheetChangedError):
        await join(database, study, member, version=1)
    again = await join(database, study, member, version=2)
    assert set(again.acts.values()) == {ConsentAct.GIVEN}
    assert not again.already


async def test_a_closed_study_takes_nobody_in_but_lets_everyone_out(database: Database) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member, ONLY_ACTIVITY)
    await closed(database, study)
    with pytest.raises(StudyClosedError):
        await join(database, study, new_id())
    with pytest.raises(StudyClosedError):
        await choose(database, study, member, EVERYTHING)
    assert (await withdraw(database, study, member)).state is ReceiptState.STOPPED


@pytest.mark.parametrize("how", ["a newer sheet", "a closed study"])
@pytest.mark.parametrize("version", [None, 1])
async def test_one_yes_can_always_be_taken_back_without_agreeing_to_anything_anew(
    database: Database, connection: AnyConnection, how: str, version: int | None
) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member)
    if how == "a newer sheet":
        await _newer_sheet(database, study.id)
    else:
        await closed(database, study)
    receipt = await choose(database, study, member, {Purpose.ACTIVITY: True}, version=version)
    assert receipt.acts == {
        Purpose.TEXT: ConsentAct.WITHDRAWN,
        Purpose.CONTACT: ConsentAct.WITHDRAWN,
    }
    assert (receipt.state, receipt.sheet_version) == (ReceiptState.TAKING_PART, 1)
    given = "SELECT count(*) FROM research.consents WHERE purpose = 'activity'"
    assert await (await connection.execute(given)).fetchone() == {"count": 1}
    with pytest.raises((SheetChangedError, StudyClosedError)):
        await choose(database, study, member, EVERYTHING, version=version)
    stopped = await choose(database, study, member, NOTHING, version=version)
    assert stopped.state is ReceiptState.STOPPED


async def test_what_stays_ticked_after_reading_a_newer_sheet_is_agreed_to_anew(
    database: Database,
) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member)
    await _newer_sheet(database, study.id)
    receipt = await choose(database, study, member, {Purpose.ACTIVITY: True}, version=2)
    assert receipt.acts[Purpose.ACTIVITY] is ConsentAct.GIVEN
    assert (receipt.acts[Purpose.TEXT], receipt.sheet_version) == (ConsentAct.WITHDRAWN, 2)


async def test_nothing_new_is_agreed_to_without_a_sheet(database: Database) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member, ONLY_ACTIVITY)
    for choices in (EVERYTHING, {Purpose.TEXT: True}):
        with pytest.raises(SheetChangedError):
            await choose(database, study, member, choices, version=None)


async def test_a_draft_is_known_to_nobody(database: Database) -> None:
    with pytest.raises(StudyNotFoundError):
        await join(database, await drafted(database), new_id())


async def test_choosing_anew_records_only_what_changed(database: Database) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member, ONLY_ACTIVITY)
    more = await choose(database, study, member, {**ONLY_ACTIVITY, Purpose.TEXT: True})
    assert more.acts == {Purpose.TEXT: ConsentAct.GIVEN}
    fewer = await choose(database, study, member, {**NOTHING, Purpose.TEXT: True})
    assert fewer.acts == {Purpose.ACTIVITY: ConsentAct.WITHDRAWN}
    assert fewer.state is ReceiptState.TAKING_PART
    with pytest.raises(NotTakingPartError):
        await choose(database, study, new_id(), EVERYTHING)


async def test_agreeing_to_nothing_is_stopping_and_one_can_come_back(database: Database) -> None:
    study, member = await opened(database), new_id()
    first = await join(database, study, member)
    stopped = await choose(database, study, member, NOTHING)
    assert stopped.state is ReceiptState.STOPPED
    back = await join(database, study, member, ONLY_ACTIVITY)
    assert back.pseudonym == first.pseudonym
    assert back.acts == {Purpose.ACTIVITY: ConsentAct.GIVEN}


async def test_withdrawing_twice_gives_the_same_receipt(database: Database) -> None:
    study, member = await opened(database), new_id()
    await join(database, study, member)
    first = await withdraw(database, study, member)
    again = await withdraw(database, study, member)
    assert (first.already, again.already) == (False, True)
    assert (first.at, first.acts, first.state) == (again.at, again.acts, again.state)


async def test_withdrawing_without_having_joined_holds_nothing(database: Database) -> None:
    receipt = await withdraw(database, await opened(database), new_id(), erase=True)
    assert receipt.already
    assert receipt.state is ReceiptState.NOTHING_HELD
    assert receipt.pseudonym is None


async def test_acts_follow_one_another_though_the_clock_was_set_back(database: Database) -> None:
    study, member = await opened(database), new_id()
    with clock.at(later(hours=5)):
        joined = await join(database, study, member)
    with clock.at(later(hours=1)):
        stopped = await withdraw(database, study, member)
    assert stopped.at == joined.at + timedelta(microseconds=1)


async def test_two_windows_joining_at_once_make_one_participant(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    outcomes = await asyncio.gather(
        *(join(database, study, member) for _ in range(4)), return_exceptions=True
    )
    refused = [found for found in outcomes if isinstance(found, BaseException)]
    assert all(isinstance(found, JoiningTwiceError) for found in refused)
    assert len(refused) < 4
    count = await (
        await connection.execute("SELECT count(*) FROM research.participants")
    ).fetchone()
    assert count == {"count": 1}


async def test_who_joins_in_another_window_at_that_moment_is_told_so(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=False, lock="join")
        await participation.join(
            session,
            locked,
            member_id=member,
            joined_at=clock.now(),
            sheet_version=1,
            choices=EVERYTHING,
            demographics=Demographics(),
        )
        second = asyncio.create_task(join(database, study, member))
        await eventually(lambda: waiting(connection))
    with pytest.raises(JoiningTwiceError):
        await second


async def test_a_pseudonym_in_use_is_not_drawn_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = await opened(database)
    taken = (await join(database, study, new_id())).pseudonym or ""
    fresh = pseudonyms.draw()
    drawn = iter([taken, fresh])
    monkeypatch.setattr(pseudonyms, "draw", lambda: next(drawn))
    assert (await join(database, study, new_id())).pseudonym == fresh


async def test_a_draft_of_a_study_can_be_found_by_title_or_id(database: Database) -> None:
    study = await drafted(database, "Being heard")
    async with unit_of_work(database) as session:
        assert (await studies.named(session, " being HEARD ")).id == study.id
        assert (await studies.named(session, str(study.id))).id == study.id
        with pytest.raises(StudyNotFoundError, match="no study with the id or title “nothing”"):
            await studies.named(session, "nothing")
