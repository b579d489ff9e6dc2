"""What an edition is made from, gathered as it stood when the edition was asked for: so a job that
runs again gathers the same."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.research import (
    advice,
    analysis_plans,
    calendar,
    datasets,
    edition_texts,
    outside_results,
    project_pages,
    studies,
)
from app.research.bands import AskedInstrument
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.material import (
    Advice,
    Departure,
    InstrumentAsked,
    Material,
    PlannedAnalysis,
    dump,
)
from app.research.edition_models import Edition
from app.research.instruments import wording_access
from app.research.instruments.structure import LicenceKind


async def gather(session: AsyncSession, pool: db.Pool, edition: Edition) -> bytes:
    """The material as the file that the rendering process reads."""
    study = await studies.access(session, edition.study_id, is_researcher=True)
    dataset = await datasets.access(session, edition.dataset_id)
    page = await project_pages.find(session, study.id, until=edition.made_at)
    asked = datasets.options_of(dataset).asked
    plan, departures = await _plan(session, study.id, edition.made_at)
    kind = EditionKind(edition.kind)
    texts = (
        {}
        if edition.text_version is None
        else (await edition_texts.get(session, study.id, kind, edition.text_version)).sections
    )
    shown = await advice.of_study(
        pool, study.id, [(one.name, one.version) for one in asked], until=edition.made_at
    )
    return dump(
        Material(
            kind=kind,
            number=edition.number,
            study_title=study.title,
            made_on=await calendar.day_of(session, edition.made_at),
            dataset_number=dataset.number,
            dataset_sha256=dataset.sha256 or "",
            frozen_on=await calendar.day_of(session, dataset.frozen_at),
            software_version=edition.software_version.rpartition(" ")[2],
            results=await outside_results.of(session, edition.evaluation_id),
            texts=texts,
            plan=plan,
            departures=departures,
            instruments=[await instrument_of(pool, one) for one in asked],
            advice=[Advice(one["words"], one["answers"]) for one in shown],
            contact="" if page is None else page.contact,
        )
    )


async def _plan(
    session: AsyncSession, study_id: UUID, until: datetime
) -> tuple[PlannedAnalysis | None, Sequence[Departure]]:
    record = (await analysis_plans.record_of(session, study_id)).until(until)
    if record.in_force is None:
        return None, []
    (plan,) = [one for one in record.versions if one.version == record.in_force]
    first = min(one.signed_at for one in record.signatures if one.version == plan.version)
    departures = [
        Departure(one.departs, one.reason, await calendar.day_of(session, one.noted_at))
        for one in reversed(record.departures)
    ]
    planned = PlannedAnalysis(
        version=plan.version,
        signed_on=await calendar.day_of(session, first),
        questions=plan.questions,
        primary_measures=plan.primary_measures,
        secondary_measures=plan.secondary_measures,
        population=plan.population,
        missing_answers=plan.missing_answers,
        worthwhile_change=plan.worthwhile_change,
    )
    return planned, departures


async def instrument_of(pool: db.Pool, asked: AskedInstrument) -> InstrumentAsked:
    """Its questions too, unless they need a licence: an edition stays when a licence ends."""
    instrument = wording_access.find(asked.name, asked.version)
    items = []
    if instrument.licence.kind is not LicenceKind.RESTRICTED:
        worded = await wording_access.access(pool, asked.name, version=asked.version)
        items = [worded.wording.items[one.name].text for one in instrument.items]
    return InstrumentAsked(
        name=instrument.name,
        version=instrument.version,
        title=instrument.title,
        citation="; ".join(one.rstrip(".") for one in instrument.evidence.citation),
        licence=instrument.licence.attribution,
        items=items,
    )
