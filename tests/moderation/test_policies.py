"""Who may do what with a case: every part one can have in it, by every act."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from app.moderation import policies
from app.moderation.decision_models import Act
from app.moderation.policies import OWN_DECISION, OWN_POST, OWN_REPORT, Claim, Stake, SubjectState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ME, OTHER = UUID(int=1), UUID(int=2)
LIVE, OVER = NOW + timedelta(seconds=1), NOW

STAKES = {
    "none": (Stake(), None),
    "author": (Stake(is_author=True), OWN_POST),
    "reporter": (Stake(has_reported=True), OWN_REPORT),
    "decided before": (Stake(has_decided_before=True), OWN_DECISION),
    "author and reporter": (Stake(is_author=True, has_reported=True), OWN_POST),
}
CLAIMS = {
    "free": None,
    "mine": Claim(ME, LIVE),
    "mine, over": Claim(ME, OVER),
    "another's": Claim(OTHER, LIVE),
    "another's, over": Claim(OTHER, OVER),
}
MAY_CLAIM = {"free", "mine", "mine, over", "another's, over"}


@pytest.mark.parametrize(
    ("stake", "claim", "is_decided"), list(product(STAKES, CLAIMS, [False, True]))
)
def test_claiming_and_deciding_ask_for_no_part_in_it_and_the_live_claim(
    stake: str, claim: str, is_decided: bool
) -> None:
    part, why = STAKES[stake]
    asked = {"stake": part, "claim": CLAIMS[claim], "is_decided": is_decided, "at": NOW}
    may_open = policies.can_open(part)
    may_claim = policies.can_claim(ME, **asked)  # type: ignore[arg-type]
    may_decide = policies.can_decide(ME, **asked)  # type: ignore[arg-type]
    assert may_open.is_allowed is (why is None)
    assert may_claim.is_allowed is (why is None and not is_decided and claim in MAY_CLAIM)
    assert may_decide.is_allowed is (why is None and not is_decided and claim == "mine")
    for verdict in (may_open, may_claim, may_decide):
        assert (verdict.why_not is None) is verdict.is_allowed
        if why is not None:
            assert verdict.why_not == why, "the part comes first: it is what can't change"


STANDINGS = {
    "open": (SubjectState(), {Act.NOTHING, Act.FOLD, Act.HIDE}),
    "folded": (SubjectState(is_folded=True), {Act.NOTHING, Act.FOLD, Act.HIDE, Act.RESTORE}),
    "hidden": (SubjectState(is_hidden=True), {Act.NOTHING, Act.FOLD, Act.RESTORE}),
    "held": (SubjectState(is_hidden=True, is_premoderated=True), set(Act)),
    "withdrawn": (SubjectState(is_withdrawn=True), {Act.NOTHING}),
    "withdrawn, hidden": (SubjectState(is_withdrawn=True, is_hidden=True), {Act.NOTHING}),
}


@pytest.mark.parametrize(("standing", "act"), list(product(STANDINGS, Act)))
def test_only_acts_that_change_something_are_open(standing: str, act: Act) -> None:
    how, allowed = STANDINGS[standing]
    verdict = policies.can_act(act, how)
    assert verdict.is_allowed is (act in allowed)
    assert (verdict.why_not is None) is verdict.is_allowed


@pytest.mark.parametrize("stake", STAKES)
def test_another_moderator_without_a_part_in_it_answers_a_proposal(stake: str) -> None:
    part, why = STAKES[stake]
    verdict = policies.can_confirm(ME, proposed_by=OTHER, stake=part)
    assert (verdict.is_allowed, verdict.why_not) == (why is None, why)
    own = policies.can_confirm(ME, proposed_by=ME, stake=part)
    assert (own.is_allowed, own.why_not) == (False, policies.OWN_PROPOSAL)


def test_nobody_flags_their_own_words() -> None:
    assert policies.can_report(is_author=False)
    assert not policies.can_report(is_author=True)


def test_a_claim_is_over_at_its_last_moment() -> None:
    assert policies.is_live(Claim(ME, LIVE), at=NOW)
    assert not policies.is_live(Claim(ME, OVER), at=NOW)
    assert not policies.is_live(None, at=NOW)
