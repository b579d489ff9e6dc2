"""What happened in the moderators' room: ids and whether someone is worried, nothing else."""

from typing import Literal
from uuid import UUID

from app.core.events import Event

#: The topic moderators listen to.
CASES = "cases"


class CaseOpened(Event):
    """A post or reply was flagged, or its author appealed, and a case opened."""

    type: Literal["case.opened"] = "case.opened"
    case_id: UUID
    is_worried: bool


class ReportJoined(Event):
    """A further flag, or an appeal, joined an open case."""

    type: Literal["case.joined"] = "case.joined"
    case_id: UUID
    is_worried: bool


class CaseClaimed(Event):
    """A moderator took the case, or kept it longer; the lease ends by itself."""

    type: Literal["case.claimed"] = "case.claimed"
    case_id: UUID
    is_worried: bool


class CaseReleased(Event):
    """A moderator gave the case back before the lease ended."""

    type: Literal["case.released"] = "case.released"
    case_id: UUID
    is_worried: bool


class CaseDecided(Event):
    """A case was decided and closed; the people it concerns have been told."""

    type: Literal["case.decided"] = "case.decided"
    case_id: UUID
    is_worried: bool


class SanctionSettled(Event):
    """A second moderator confirmed a suspension, or did not."""

    type: Literal["case.sanction_settled"] = "case.sanction_settled"
    case_id: UUID
    is_worried: bool


class AuthorReachedOutTo(Event):
    """A moderator wrote to the author with where help is."""

    type: Literal["case.reached_out"] = "case.reached_out"
    case_id: UUID
    is_worried: bool


class CaseHandedOver(Event):
    """A moderator asked the safeguarding lead to look, and gave the case over."""

    type: Literal["case.handed_over"] = "case.handed_over"
    case_id: UUID
    is_worried: bool
