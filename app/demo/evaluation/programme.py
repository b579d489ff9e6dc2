"""The whole programme, from what is planted to a frozen dataset."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, ids
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.demo import community, sign_ins
from app.demo.evaluation import (
    accounts,
    afterwards,
    attendance,
    enrolment,
    groups,
    meetings,
    peers,
    places,
    study,
    tables,
    waves,
)
from app.demo.evaluation.act import ActRow
from app.demo.evaluation.answers import AnswerSheet
from app.demo.evaluation.life import JOINED_AT, Life
from app.demo.evaluation.planted import CLOSES, DAYS, Planted
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.jobs.sources import OUTSIDE_SOURCES
from app.research.bands import Options
from app.research.dataset_models import Dataset, Requester
from app.research.exports import freezing

_IS_THERE: Final = "SELECT 1 FROM research.studies WHERE title = %s"
_KNOWS_MEETINGS: Final = "SELECT research.meetings_spoken_of_since() <= %s AS known"
_OPENS_AT: Final = time(5, tzinfo=UTC)
_CLOSES_AT: Final = time(12, tzinfo=UTC)


class CannotBeMadeError(Exception):
    """Why there can be no programme in this database; in words for who asked."""


@dataclass(frozen=True, slots=True)
class WrittenProgramme:
    """What was written, for the one who asked."""

    study_id: UUID
    title: str
    people: int
    stopped: int
    #: What those did in the community since, of which the study knows nothing.
    afterwards: int
    groups: int
    attendances: int
    activities: int
    responses: int


async def make(
    database: Database, settings: Settings, planted: Planted, *, until: datetime
) -> WrittenProgramme:
    """Write 24 months that end on the day of `until`, all or nothing; the same arguments write the
    same ones. Raises CannotBeMadeError or NotADemoError."""
    opened = datetime.combine(until.date() - timedelta(days=DAYS), _OPENS_AT)
    await _require_room(database, opened)
    with clock.at(opened - timedelta(days=30)), ids.drawn_from(planted.chance("sign-ins")):
        await sign_ins.make(database, settings)
    known = await community.actors_of_sign_ins(database)
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    zone = ZoneInfo(settings.care.time_zone)
    async with unit_of_work(database) as session:
        await tables.prepare(session)
        with clock.at(opened), ids.drawn_from(planted.chance("study")):
            found = await study.open_(
                session,
                database.pool,
                planted,
                by=known["researcher"],
                signer=known["adviser"],
            )
        history = _History(session, planted, found.id, opened, zone)
        made = await history.write(letterbox, host=known["host"], helper=known["researcher"])
        await tables.settle(session)
        with clock.at(history.closes):
            await study.close(session, found.id)
    return made


#: What its file of bands tells: giving, receiving, and the score that was planted to follow. Of the
#: first period alone: in a record of four, disclosure control would make nearly every code coarser.
IN_BANDS: Final = Options(
    measures=("giving", "receiving"), scores=("ons4_satisfied_score",), periods=1
)


async def freeze(database: Database, made: WrittenProgramme, *, at: datetime) -> Dataset:
    """A dataset of all of it, asked for by the demo's researcher."""
    known = await community.actors_of_sign_ins(database)
    by = Requester(known["researcher"].account_id)
    with clock.at(at):
        return await freezing.freeze(
            database, made.study_id, by=by, sources=OUTSIDE_SOURCES, options=IN_BANDS
        )


async def _require_room(database: Database, opened: datetime) -> None:
    if await db.fetch(database.pool, _IS_THERE, (study.TITLE,)):
        raise CannotBeMadeError(f"The study “{study.TITLE}” is there already.")
    (row,) = await db.fetch(database.pool, _KNOWS_MEETINGS, (opened,))
    if not row["known"]:
        raise CannotBeMadeError(
            "People agreed to a study here before studies could know of meetings: use an empty "
            "database."
        )


class _History:
    """Two years of one study, written in the order in which the database can hold it to consent."""

    def __init__(
        self,
        session: AsyncSession,
        planted: Planted,
        study_id: UUID,
        opened: datetime,
        zone: ZoneInfo,
    ) -> None:
        self._session, self._planted, self._study_id = session, planted, study_id
        self._opened, self._zone = opened, zone
        #: When the study ends.
        self.closes = datetime.combine(opened.date() + timedelta(days=CLOSES), _CLOSES_AT)
        self._places = places.plan(planted)
        self._peers = peers.gather(planted, self._places)

    async def write(self, letterbox: Letterbox, *, host: Actor, helper: Actor) -> WrittenProgramme:
        """Everything but the end of the study."""
        session, planted, study_id = self._session, self._planted, self._study_id
        midnight = datetime.combine(self._opened.date(), time(tzinfo=UTC))
        codes = await enrolment.draw_codes(session, planted)
        joined = await accounts.open_all(
            session, letterbox, planted, self._peers,
            first_moment=midnight + timedelta(seconds=JOINED_AT),
        )  # fmt: skip
        await enrolment.enrol(session, study_id, self._peers, codes, joined)
        came = await self._meet(codes, joined, host)
        life = Life(planted, self._peers, codes, self._opened.date())
        rows = ((study_id, *act) for act in life.acts())
        acts = await tables.copy(
            session, "research.activities", ("study_id", *ActRow._fields), rows
        )
        await enrolment.remember(session, study_id, codes, life)
        responses = list(waves.responses(planted, self._peers, self._places, life.tally))
        first_days = [midnight + timedelta(days=peer.enrolled_day) for peer in self._peers]
        sheet = AnswerSheet(study_id, codes, first_days, helper.account_id)
        await sheet.write(session, responses)
        stopped = await enrolment.stop(session, study_id, self._peers, codes, joined)
        after = await afterwards.write(session, planted, self._peers, joined, until=self.closes)
        return WrittenProgramme(
            study_id=study_id,
            title=study.TITLE,
            people=len(self._peers),
            stopped=stopped,
            afterwards=after,
            groups=len(self._places),
            attendances=came,
            activities=acts,
            responses=len(responses),
        )

    async def _meet(self, codes: list[str], joined: list[accounts.Joined], host: Actor) -> int:
        session, planted = self._session, self._planted
        with clock.at(self._opened), ids.drawn_from(planted.chance("groups")):
            started = await groups.start(
                session, planted, self._places, host=host, study_id=self._study_id
            )
        held = list(
            meetings.held(planted, self._peers, self._places, self._opened.date(), self._zone)
        )
        await attendance.write(session, planted, started, held, joined, self._peers)
        return await attendance.record(
            session, planted, self._study_id, self._places, started, held, codes
        )
