"""What follows from the acts of a participant, and what may be done with a study: pure tables."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.research import consent, policies
from app.research.consent import ConsentState
from app.research.models import Consent, ConsentAct, Purpose, Study, StudyState

START = datetime(2026, 3, 2, tzinfo=UTC)
GIVEN, DECLINED, WITHDRAWN = ConsentAct.GIVEN, ConsentAct.DECLINED, ConsentAct.WITHDRAWN
ACTIVITY, TEXT, CONTACT = Purpose.ACTIVITY, Purpose.TEXT, Purpose.CONTACT
STUDY = UUID(int=1)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def acts(*told: tuple[ConsentAct, int] | tuple[ConsentAct, int, Purpose]) -> list[Consent]:
    """Acts an hour apart: what, under which sheet, about which purpose."""
    return [
        Consent(
            study_id=STUDY,
            participant_id="P",
            purpose=one[2] if len(one) == 3 else ACTIVITY,
            act=one[0],
            sheet_version=one[1],
            at=hour(number),
        )
        for number, one in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "is_in_force", "since", "until", "version"),
    [
        ((), False, None, None, None),
        (((DECLINED, 1),), False, None, None, None),
        (((GIVEN, 1),), True, 0, None, 1),
        (((GIVEN, 1), (GIVEN, 2)), True, 0, None, 2),
        (((GIVEN, 1), (WITHDRAWN, 2)), False, 0, 1, 1),
        (((GIVEN, 1), (WITHDRAWN, 1), (WITHDRAWN, 1)), False, 0, 1, 1),
        (((GIVEN, 1), (WITHDRAWN, 1), (GIVEN, 3)), True, 2, None, 3),
        (((DECLINED, 1), (GIVEN, 2), (WITHDRAWN, 2)), False, 1, 2, 2),
        (((GIVEN, 1), (GIVEN, 1, TEXT), (WITHDRAWN, 1, TEXT)), True, 0, None, 1),
    ],
)
def test_how_a_purpose_stands_follows_from_its_own_acts(
    told: Sequence[tuple[ConsentAct, int]],
    is_in_force: bool,
    since: int | None,
    until: int | None,
    version: int | None,
) -> None:
    found = consent.standing(acts(*told))
    assert [one.purpose for one in found] == list(Purpose)
    assert found[0] == ConsentState(
        ACTIVITY,
        is_in_force,
        None if since is None else hour(since),
        None if until is None else hour(until),
        version,
    )


@pytest.mark.parametrize(
    ("told", "wanted", "version", "expected"),
    [
        ((), True, 1, GIVEN),
        ((), False, 1, DECLINED),
        ((), True, None, None),
        ((), False, None, DECLINED),
        (((DECLINED, 1),), True, 1, GIVEN),
        (((DECLINED, 1),), False, 1, None),
        (((GIVEN, 1),), True, 1, None),
        (((GIVEN, 1),), True, 2, GIVEN),
        (((GIVEN, 1),), True, None, None),
        (((GIVEN, 1),), False, 1, WITHDRAWN),
        (((GIVEN, 1),), False, None, WITHDRAWN),
        (((GIVEN, 1), (WITHDRAWN, 1)), True, 1, GIVEN),
        (((GIVEN, 1), (WITHDRAWN, 1)), False, 1, None),
    ],
)
def test_a_choice_writes_what_it_changes(
    told: Sequence[tuple[ConsentAct, int]],
    wanted: bool,
    version: int | None,
    expected: ConsentAct | None,
) -> None:
    found = consent.changes(
        acts(*told), {ACTIVITY: wanted}, asked=[ACTIVITY], sheet_version=version
    )
    assert found == ({} if expected is None else {ACTIVITY: expected})
    nobody_asked = consent.changes(acts(*told), {ACTIVITY: wanted}, asked=[], sheet_version=version)
    assert nobody_asked == {}


def test_what_is_not_said_is_not_wanted() -> None:
    found = consent.changes([], {}, asked=[CONTACT, TEXT], sheet_version=1)
    assert list(found.items()) == [(TEXT, DECLINED), (CONTACT, DECLINED)]


@pytest.mark.parametrize(
    ("wanted", "takes_back"),
    [
        ({}, True),
        ({ACTIVITY: False, TEXT: True}, True),
        ({ACTIVITY: True, TEXT: True}, False),
        ({ACTIVITY: True, TEXT: True, CONTACT: True}, False),
        ({CONTACT: True}, False),
        ({ACTIVITY: True, CONTACT: False}, True),
    ],
)
def test_taking_back_holds_no_new_yes(wanted: dict[Purpose, bool], takes_back: bool) -> None:
    told = acts((GIVEN, 1), (GIVEN, 1, TEXT), (GIVEN, 1, CONTACT), (WITHDRAWN, 1, CONTACT))
    assert consent.only_takes_back(told, wanted) is takes_back


def test_a_last_act_is_a_yes_only_when_it_gives() -> None:
    given = {
        act: consent.is_given(one)
        for act, one in zip(ConsentAct, acts(*[(act, 1) for act in ConsentAct]), strict=True)
    }
    assert given == {GIVEN: True, DECLINED: False, WITHDRAWN: False}
    assert consent.is_given(None) is False


def _study(state: StudyState) -> Study:
    return Study(id=STUDY, title="A study", summary="Why.", state=state, created_at=START)


ONCE = "This study has been opened before."
NOTHING = "It asks people for nothing. Begin one that does."
NO_SHEET = "Write its information sheet first."
NO_PLAN = "It asks for questionnaires. Plan what each wave asks first."
NO_CONSENT = "It plans questions without asking for consent to them. Begin one that asks."


ALONE = frozenset({Purpose.ACTIVITY})
WITH_QUESTIONS = ALONE | {Purpose.QUESTIONNAIRES}


@pytest.mark.parametrize(
    ("state", "asks", "has_sheet", "has_questions", "why"),
    [
        (StudyState.DRAFT, ALONE, True, False, ""),
        (StudyState.DRAFT, WITH_QUESTIONS, True, True, ""),
        (StudyState.DRAFT, frozenset(), True, False, NOTHING),
        (StudyState.DRAFT, frozenset(), False, False, NOTHING),
        (StudyState.DRAFT, ALONE, False, False, NO_SHEET),
        (StudyState.DRAFT, WITH_QUESTIONS, True, False, NO_PLAN),
        (StudyState.DRAFT, ALONE, True, True, NO_CONSENT),
        (StudyState.OPEN, ALONE, True, False, ONCE),
        (StudyState.CLOSED, ALONE, True, False, ONCE),
    ],
)
def test_a_study_opens_once_with_something_to_agree_to_and_to_read(
    state: StudyState,
    asks: frozenset[Purpose],
    has_sheet: bool,
    has_questions: bool,
    why: str,
) -> None:
    verdict = policies.can_open(
        _study(state), asks=asks, has_sheet=has_sheet, has_questions=has_questions
    )
    assert (verdict.is_allowed, verdict.why_not) == (not why, why or None)


@pytest.mark.parametrize("state", StudyState)
def test_what_may_be_done_with_a_study_in_each_state(state: StudyState) -> None:
    study = _study(state)
    assert policies.can_close(study).is_allowed is (state is StudyState.OPEN)
    assert policies.can_plan_questions(study).is_allowed is (state is StudyState.DRAFT)
    assert policies.can_publish_sheet(study).is_allowed is (state is not StudyState.CLOSED)
    assert policies.can_see(study, is_researcher=True) is True
    assert policies.can_see(study, is_researcher=False) is (state is not StudyState.DRAFT)
