"""Analysis plans: written, signed by someone else before the first freeze, and departed from."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.errors import InvalidError
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import analysis_plans, sheets, studies
from app.research.errors.studies import PlanNotSignedError
from app.research.models import Purpose, Study
from tests.people import People, SignedIn
from tests.research.factories import START, download, freeze, join, later, opened, release, several
from tests.research.over_http import Json, ask
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import OUTLINE, signed_plan

PLAN: Json = {
    "questions": "Does an answer help?",
    "primary_measures": ["phq9_total"],
    "secondary_measures": ["posts", "posts"],
    "population": "Everyone who joined.",
    "missing_answers": "Counted, and told.",
    "worthwhile_change": "Five points.",
}
WHY = "A measure turned out to be empty."


@pytest.fixture
async def study(database: Database) -> Study:
    """An open study with six people and no plan."""
    with clock.at(START):
        async with unit_of_work(database) as session:
            made = await studies.create(
                session, title="Planned", summary="Why.", asks=(Purpose.ACTIVITY,)
            )
            await sheets.publish(session, made, body="Please read.")
            await open_signed_off(session, made)
        for _ in range(6):
            await join(database, made, new_id(), {Purpose.ACTIVITY: True})
    return made


async def test_a_study_is_first_frozen_when_someone_else_has_signed_its_plan(
    researcher: SignedIn, people: People, study: Study
) -> None:
    path = f"/studies/{study.id}"
    with clock.at(later(days=1)):
        refused = await ask(researcher, "POST", f"{path}/datasets", {}, status=409)
        assert (refused["type"], "Analysis plan" in refused["detail"]) == ("plan-not-signed", True)
        written = await ask(researcher, "POST", f"{path}/analysis-plan/versions", PLAN, status=201)
        assert (written["version"], written["reason"], written["signatures"]) == (1, None, [])
        assert written["secondary_measures"] == ["posts"]
        await ask(researcher, "POST", f"{path}/datasets", {}, status=409)
        signing = f"{path}/analysis-plan/versions/1/signatures"
        own = await ask(researcher, "POST", signing, status=403)
        assert own["type"] == "second-person"
        other = await people.member("Dr Larch", roles=(Role.RESEARCHER,))
        signed = await ask(other, "POST", signing, status=201)
        assert signed == await ask(other, "POST", signing, status=201), "the same signature"
        await ask(researcher, "POST", f"{path}/datasets", {}, status=201)
    found = await ask(researcher, "GET", f"{path}/analysis-plan")
    (version,) = found["versions"]
    (signature,) = version["signatures"]
    assert (found["in_force"], found["is_frozen"], version["is_mine"]) == (1, True, True)
    assert (signature["signed_by"], signature["is_mine"]) == (str(other.account_id), False)
    hashed = hashlib.sha256(version["signed_text"].encode()).hexdigest()
    assert signature["sha256"] == version["sha256"] == hashed
    assert "Does an answer help?" in version["signed_text"]


async def test_only_the_newest_version_is_signed(researcher: SignedIn, study: Study) -> None:
    path = f"/studies/{study.id}/analysis-plan/versions"
    for _ in range(2):
        await ask(researcher, "POST", path, PLAN, status=201)
    for version in (1, 3):
        refused = await ask(researcher, "POST", f"{path}/{version}/signatures", status=409)
        assert refused["type"] == "plan-changed"


async def test_what_is_written_after_the_first_freeze_departs_and_says_why(
    researcher: SignedIn, database: Database, study: Study
) -> None:
    path = f"/studies/{study.id}/analysis-plan"
    noting = {"departs": "We looked at replies too.", "reason": WHY}
    early = await ask(researcher, "POST", f"{path}/departures", noting, status=409)
    assert early["type"] == "plan-not-signed"
    await signed_plan(database, study.id)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
    silent = await ask(researcher, "POST", f"{path}/versions", PLAN, status=422)
    assert silent["errors"][0]["pointer"] == "/reason"
    written = await ask(researcher, "POST", f"{path}/versions", PLAN | {"reason": WHY}, status=201)
    assert (written["version"], written["reason"]) == (2, WHY)
    for more in ({}, {"dataset_id": str(dataset.id)}):
        await ask(researcher, "POST", f"{path}/departures", noting | more, status=201)
    absent = noting | {"dataset_id": str(new_id())}
    await ask(researcher, "POST", f"{path}/departures", absent, status=404)
    short = noting | {"departs": "          no"}
    refused = await ask(researcher, "POST", f"{path}/departures", short, status=422)
    assert refused["errors"][0]["pointer"] == "/departs"
    found = await ask(researcher, "GET", path)
    assert [one["reason"] for one in found["versions"]] == [WHY, None]
    assert [one["dataset_id"] for one in found["departures"]] == [str(dataset.id), None]
    assert {one["version"] for one in found["departures"]} == {found["in_force"]} == {1}


async def test_another_study_s_dataset_is_not_departed_with(
    researcher: SignedIn, database: Database, study: Study
) -> None:
    other = await opened(database)
    with clock.at(START):
        await several(database, other, 5)
    with clock.at(later(days=1)):
        dataset = await freeze(database, other)
    await signed_plan(database, study.id)
    noting = {"departs": WHY, "reason": WHY, "dataset_id": str(dataset.id)}
    path = f"/studies/{study.id}/analysis-plan/departures"
    await ask(researcher, "POST", path, noting, status=404)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"primary_measures": []}, "/primary_measures"),
        ({"primary_measures": ["PHQ-9"]}, "/primary_measures/0"),
        ({"secondary_measures": ["phq9_total"]}, "/secondary_measures"),
        ({"secondary_measures": ["posts\n"]}, "/secondary_measures"),
        ({"secondary_measures": ["retenion"]}, "/secondary_measures"),
        ({"questions": "\u200b"}, "/questions"),
    ],
)
async def test_a_plan_says_each_thing_once_and_in_words(
    researcher: SignedIn, study: Study, change: Json, pointer: str
) -> None:
    path = f"/studies/{study.id}/analysis-plan/versions"
    refused = await ask(researcher, "POST", path, PLAN | change, status=422)
    assert refused["errors"][0]["pointer"].startswith(pointer)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("phq_total", "The nearest there are: phq9_total"),
        ("outcome_changes", "The nearest there are: outcome_change"),
        ("reading_time", "The nearest there are: reading"),
        ("xqz", "Those there are: reach, retention"),
    ],
)
async def test_a_measure_that_there_is_not_is_refused_with_the_nearest(
    researcher: SignedIn, study: Study, name: str, nearest: str
) -> None:
    path = f"/studies/{study.id}/analysis-plan"
    for field, other in (("primary", "secondary"), ("secondary", "primary")):
        wanted = PLAN | {f"{field}_measures": ["posts", name], f"{other}_measures": ["giving"]}
        refused = await ask(researcher, "POST", f"{path}/versions", wanted, status=422)
        assert refused["errors"][0]["pointer"] == f"/{field}_measures"
        assert f"There is no measure “{name}”. {nearest}" in refused["errors"][0]["detail"]
    assert (await ask(researcher, "GET", path))["versions"] == []


async def test_a_plan_names_measures_scores_and_what_people_do(
    researcher: SignedIn, study: Study
) -> None:
    wanted = PLAN | {
        "primary_measures": ["outcome_on_dose", "phq9_total"],
        "secondary_measures": ["by_area", "swemwbs_metric", "meeting_minutes", "sessions"],
    }
    path = f"/studies/{study.id}/analysis-plan/versions"
    written = await ask(researcher, "POST", path, wanted, status=201)
    assert written["secondary_measures"] == wanted["secondary_measures"]


async def test_a_name_of_a_measure_is_checked_where_a_plan_is_written_too(
    database: Database, study: Study
) -> None:
    outline = replace(OUTLINE, primary_measures=("PHQ-9",))
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        with pytest.raises(InvalidError, match="There is no measure “PHQ-9”"):
            await analysis_plans.write(session, locked, outline, by=new_id())


async def test_the_manifest_of_a_dataset_tells_the_plan_and_what_departed_from_it_by_then(
    researcher: SignedIn, people: People, database: Database, study: Study, tmp_path: Path
) -> None:
    """What is noted later stands with the next dataset, and changes no byte of this one."""
    path = f"/studies/{study.id}/analysis-plan"
    noting = {"departs": "We looked at replies too.", "reason": WHY}
    with clock.at(later(hours=1)):
        written = await ask(researcher, "POST", f"{path}/versions", PLAN, status=201)
        other = await people.member(roles=(Role.RESEARCHER,))
        await ask(other, "POST", f"{path}/versions/1/signatures", status=201)
        await ask(researcher, "POST", f"{path}/departures", noting, status=201)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
        await release(database, dataset)
    first = await download(database, dataset, tmp_path / "first")
    with clock.at(later(days=2)):
        about = {"departs": "A measure was left out.", "dataset_id": str(dataset.id)}
        await ask(researcher, "POST", f"{path}/departures", noting | about, status=201)
        await ask(researcher, "POST", f"{path}/versions", PLAN | {"reason": WHY}, status=201)
        await ask(other, "POST", f"{path}/versions/2/signatures", status=201)
    again = await download(database, dataset, tmp_path / "again")
    assert {one.name: one.read_bytes() for one in first.iterdir()} == {
        one.name: one.read_bytes() for one in again.iterdir()
    }
    told = json.loads((first / "manifest.json").read_text())["plan"]
    replies = {"from_version": 1, "dataset": None} | noting
    assert told == {
        "version": 1,
        "sha256": written["sha256"],
        "written_late_because": None,
        "departures": [replies],
    }
    with clock.at(later(days=40)):
        following = await freeze(database, study)
        await release(database, following)
    later_on = await download(database, following, tmp_path / "later")
    told = json.loads((later_on / "manifest.json").read_text())["plan"]
    assert (told["version"], told["written_late_because"]) == (2, WHY)
    assert [one["dataset"] for one in told["departures"]] == [None, str(dataset.id)]


_PLAN = (
    "INSERT INTO research.analysis_plans (study_id, version, questions, primary_measures,"
    " secondary_measures, population, missing_answers, worthwhile_change, reason, written_by,"
    " written_at) SELECT study_id, version + 1, 'x', {primary}, '{{}}', 'x', 'x', 'x', {reason},"
    " written_by, now() FROM research.analysis_plans"
)
_SIGNED = (
    "INSERT INTO research.plan_signatures SELECT study_id, version, {by}, now(), {hash}"
    " FROM research.analysis_plans"
)


async def test_the_database_holds_the_rules_of_plans(
    database: Database, connection: AnyConnection, study: Study
) -> None:
    """By raw SQL, as the owner of the tables."""
    await signed_plan(database, study.id)
    a_hash = f"'{'ab' * 32}'"
    for statement, rule in (
        (_PLAN.format(primary="ARRAY['ab']", reason=f"'{WHY}'"), "plan_reason"),
        (_PLAN.format(primary="ARRAY['a b']", reason="NULL"), "ck_analysis_plans_measures"),
        (_PLAN.format(primary="ARRAY['ab\ncd']", reason="NULL"), "ck_analysis_plans_measures"),
        (_PLAN.format(primary="ARRAY[NULL]::text[]", reason="NULL"), "ck_analysis_plans_measures"),
        (_PLAN.format(primary="'{}'::text[]", reason="NULL"), "ck_analysis_plans_measures"),
        (_SIGNED.format(by="written_by", hash=a_hash), "second_person"),
        (_SIGNED.format(by="gen_random_uuid()", hash="'ab'"), "ck_plan_signatures_sha256"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            await connection.execute(statement.encode())
        assert refused.value.diag.constraint_name == rule
    with clock.at(later(days=1)):
        await freeze(database, study)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(_PLAN.format(primary="ARRAY['ab']", reason="NULL").encode())
    assert refused.value.diag.constraint_name == "plan_reason"


async def test_nothing_of_a_plan_is_changed_or_deleted(
    database: Database, connection: AnyConnection, researcher: SignedIn, study: Study
) -> None:
    await signed_plan(database, study.id)
    noting = {"departs": WHY, "reason": WHY}
    await ask(
        researcher, "POST", f"/studies/{study.id}/analysis-plan/departures", noting, status=201
    )
    for table in ("plan_departures", "plan_signatures", "analysis_plans"):
        for statement in (
            f"UPDATE research.{table} SET version = version",
            f"DELETE FROM research.{table}",
            f"TRUNCATE research.{table} CASCADE",
        ):
            with pytest.raises(psycopg.Error, match=r"is append-only"):
                await connection.execute(statement.encode())


async def test_the_database_freezes_no_study_first_without_a_signed_plan(
    database: Database, connection: AnyConnection, study: Study, tmp_path: Path
) -> None:
    """Nor does a plan that nobody has signed do; a study frozen before there were plans goes on."""
    first = (
        "INSERT INTO research.datasets (id, study_id, number, frozen_at, frozen_by, cut_off,"
        " participant_count, sheet_versions, options, disclosure, software_version)"
        " VALUES (gen_random_uuid(), %s, 1, now(), gen_random_uuid(), '2026-03-03', 6, '{1}',"
        " '{}', '{}', 'x')"
    )
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(first, (study.id,))
    assert refused.value.diag.constraint_name == "plan_signed"
    with clock.at(later(days=1)), pytest.raises(PlanNotSignedError):
        await freeze(database, study)
    await connection.execute("ALTER TABLE research.datasets DISABLE TRIGGER require_signed_plan")
    await connection.execute(first, (study.id,))
    await connection.execute("ALTER TABLE research.datasets ENABLE TRIGGER require_signed_plan")
    with clock.at(later(days=40)):
        second = await freeze(database, study)
        await release(database, second)
    assert second.number == 2
    folder = await download(database, second, tmp_path / "out")
    assert json.loads((folder / "manifest.json").read_text())["plan"] is None
