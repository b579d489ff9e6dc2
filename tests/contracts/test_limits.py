"""The limit that a field states is the one the server has: what fits on the screen is taken."""

import re
from pathlib import Path

from app.api.routes.staff import REASON_LENGTH
from app.api.schemas.licences import LABEL_LENGTH, TEXT_LENGTH
from app.community import choices, names
from app.identity.lost_factors import REASON_LIMIT
from app.moderation.columns import DETAIL_MAX, REASON_MAX
from app.programme import choices as programme_choices
from app.research import analysis_plans, edition_texts
from app.research.instruments import licences
from tests.contracts.test_openapi import SCHEMAS

SOURCE = Path("frontend/src")
CONSTANT = re.compile(r"const ([A-Z_]+) = ([\d_]+);")
STATED = re.compile(r"\blimit=\{([\d_]+|[A-Z_]+)\}")
NAME = names.LENGTHS.stop - 1


def of(schema: str, field: str) -> int:
    """What the API's description allows, where that is exact."""
    return int(SCHEMAS[schema]["properties"][field]["maxLength"])


#: Fields of each form, from its first to its last. The weeks of waves are numbers: 80 signs hold
#: as many as there may be.
SERVER = {
    "FlagDialog": [DETAIL_MAX],
    "AppealForm": [DETAIL_MAX],
    "Proposals": [REASON_MAX],
    "Composer": [choices.BODY_LIMIT, choices.NOTE_LIMIT],
    "EditForm": [choices.BODY_LIMIT, choices.NOTE_LIMIT],
    "ProfileForm": [NAME, choices.ABOUT_LIMIT],
    "join/+page": [NAME],
    "StepForm": [REASON_MAX],
    "BatchPane": [REASON_MAX],
    "moderation/DecideCase": [choices.NOTE_LIMIT, REASON_MAX],
    "NamedList": [programme_choices.NAME_LIMIT],
    "GroupForm": [
        programme_choices.NAME_LIMIT,
        programme_choices.PLACE_LIMIT,
        programme_choices.ABOUT_LIMIT,
    ],
    "Appoint": [REASON_LENGTH],
    "TakeBackRole": [REASON_LENGTH],
    "AgreeToRemoval": [REASON_LIMIT],
    "LostFactors": [REASON_LIMIT],
    "NewStudy": [of("StudyWrite", "title"), of("StudyWrite", "summary"), 80, 160],
    "QuestionHelp": [of("ContactWrite", "reach")],
    "SheetEditor": [of("SheetWrite", "body")],
    "AskRows": [
        of("AgreementWrite", "recipient"),
        of("AgreementWrite", "aim"),
        of("ReleaseWrite", "note"),
    ],
    "AskPeriods": [of("ReleaseWrite", "note")],
    "research/DecideRelease": [of("DecisionWrite", "note")],
    "EndLicence": [licences.REASON_LIMIT],
    "RecordLicence": [licences.NUMBER_LIMIT, licences.SCOPE_LIMIT],
    "WordingForm": [
        of("WordingWrite", "language"),
        LABEL_LENGTH,
        *[TEXT_LENGTH] * 3,
        LABEL_LENGTH,
    ],
    "AnalysisPlanForm": [
        of("AnalysisPlanWrite", "questions"),
        analysis_plans.MOST_REASON,
    ],
    "PlanDepartures": [of("PlanDepartureWrite", "departs"), of("PlanDepartureWrite", "reason")],
    "ReviewForm": [of("ReviewWrite", "words")],
    "AnswerForm": [of("ReviewAnswerWrite", "words")],
    "EarlyFreeze": [of("EarlyFreezeWrite", "reason")],
    "TextEditor": [edition_texts.MOST_WORDS],
    "DecideEdition": [of("DecisionWrite", "note")],
    "PageForm": [of("ProjectPageWrite", "about"), of("ProjectPageWrite", "contact")],
}


def test_every_field_states_the_limit_that_the_server_has() -> None:
    scripts = [*SOURCE.rglob("*.ts"), *SOURCE.rglob("*.svelte")]
    constants = {
        name: value for path in scripts for name, value in CONSTANT.findall(path.read_text())
    }
    stated = {}
    for path in SOURCE.rglob("*.svelte"):
        if found := STATED.findall(path.read_text()):
            name = path.relative_to(SOURCE).with_suffix("").as_posix()
            stated[name] = [int(constants.get(limit, limit).replace("_", "")) for limit in found]
    expected = {
        next(each for each in stated if each.endswith(f"/{name}")): limits
        for name, limits in SERVER.items()
    }
    assert stated == expected
