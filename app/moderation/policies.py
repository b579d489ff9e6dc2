"""Who may do what with a case. Each answer is a Verdict: yes, or no with the reason in a sentence.

Permission to be in the moderators' room at all is asked before, in `api.deps`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from app.core.verdicts import YES, Verdict, no
from app.moderation.decision_models import Act


@dataclass(frozen=True, slots=True)
class Stake:
    """The part a moderator has in a case as a person."""

    is_author: bool = False
    has_reported: bool = False
    #: Decided what the author now asks to be looked at again.
    has_decided_before: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a case, and until when."""

    member_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SubjectState:
    """How the post stands now."""

    is_withdrawn: bool = False
    is_hidden: bool = False
    #: Hidden until a moderator has read it, as everything that its author writes for a while.
    is_premoderated: bool = False
    #: Folded by a moderator (its author's own note does not count).
    is_folded: bool = False


#: Whether there is another moderator at all. A flag of one's own is left to them; who is the only
#: one decides it all the same, for a case that nobody may decide helps nobody.
OTHERS: LiteralString = """
    EXISTS (SELECT FROM identity.account_roles o JOIN identity.accounts oa ON oa.id = o.account_id
      WHERE o.role IN ('moderator', 'safeguarding') AND oa.closed_at IS NULL
        AND oa.member_id <> %(viewer)s)
"""


def decided_before(case: LiteralString, member: LiteralString) -> LiteralString:
    """Whether a member decided what is appealed against in a case, or was the second to agree."""
    return f"""
    EXISTS (SELECT FROM moderation.appeals s JOIN moderation.decisions d ON d.id = s.decision_id
      WHERE s.case_id = {case} AND (d.moderator_id = {member}
        OR EXISTS (SELECT FROM moderation.sanction_changes y
          WHERE y.sanction_id = s.sanction_id AND y.moderator_id = {member})))
    """  # noqa: S608 - put together from constants


OWN_WORDS = (
    "You can't flag your own words, but you can edit or delete them. If you're having a "
    "hard time, Help now is at the top of the page."
)
OWN_POST = "You wrote this yourself, so only another moderator can look at it."
OWN_REPORT = "You flagged this yourself, so another moderator will decide."
OWN_DECISION = "You decided about this before, so only another moderator can look again."


def can_open(stake: Stake) -> Verdict:
    """Whether the moderator may read the case: nobody does in their own matter."""
    if stake.is_author:
        return no(OWN_POST)
    if stake.has_reported:
        return no(OWN_REPORT)
    if stake.has_decided_before:
        return no(OWN_DECISION)
    return YES


def is_live(claim: Claim | None, *, at: datetime) -> bool:
    """Whether a claim counts. It ends by itself: at its last moment it is over."""
    return claim is not None and claim.expires_at > at


def can_claim(
    member_id: UUID, *, stake: Stake, claim: Claim | None, is_decided: bool, at: datetime
) -> Verdict:
    """Whether the moderator may take the case, or keep one already held."""
    if not (verdict := can_open(stake)):
        return verdict
    if is_decided:
        return no("This case has been decided.")
    if claim is not None and is_live(claim, at=at) and claim.member_id != member_id:
        return no("Another moderator has this case. Please take the next one.")
    return YES


def can_decide(
    member_id: UUID, *, stake: Stake, claim: Claim | None, is_decided: bool, at: datetime
) -> Verdict:
    """Whether the moderator may decide: no part in it, and holding the case at this moment."""
    if not (
        verdict := can_claim(member_id, stake=stake, claim=claim, is_decided=is_decided, at=at)
    ):
        return verdict
    if claim is None or not is_live(claim, at=at) or claim.member_id != member_id:
        return no("Claim this case first, so that nobody else decides it at the same time.")
    return YES


def can_act(act: Act, standing: SubjectState) -> Verdict:
    """Whether the act makes sense for the post as it stands."""
    if act is Act.NOTHING:
        return YES
    if standing.is_withdrawn:
        return no("It has been deleted, so there is nothing left to change.")
    if act is Act.RESTORE:
        if standing.is_hidden or standing.is_folded:
            return YES
        return no("It is open for everyone already.")
    if act is Act.HIDE and standing.is_hidden and not standing.is_premoderated:
        return no("It is hidden already. To leave it so, choose to change nothing.")
    return YES


OWN_PROPOSAL = "You proposed this yourself, so another moderator has to agree."


def can_confirm(member_id: UUID, *, proposed_by: UUID, stake: Stake) -> Verdict:
    """Whether the moderator may answer a proposed suspension: another than who proposed it, and
    nobody with a part in the case."""
    if member_id == proposed_by:
        return no(OWN_PROPOSAL)
    return can_open(stake)


def can_report(*, is_author: bool) -> Verdict:
    """Whether a member may flag a post that they can see."""
    return no(OWN_WORDS) if is_author else YES
