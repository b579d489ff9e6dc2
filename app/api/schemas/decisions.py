"""What moderators do about a case: decide it, or take a step; and the words to start from."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.sanctions import SanctionAnswer, SanctionCreate
from app.api.schemas.strict import Body
from app.moderation.case_models import StepKind
from app.moderation.decision_models import Act

_GENEROUS = 20_000


class Decision(BaseModel):
    """How a case was decided, by whom and why."""

    id: UUID
    case_id: UUID
    act: Act
    reason: str
    note_about: str | None
    revision: int
    decided_at: datetime
    moderator_name: str


class CaseAct(BaseModel):
    """Something that can be decided, and if not now or not by you, why."""

    act: Act
    allowed: bool
    why_not: str | None


class CaseStep(BaseModel):
    """What a moderator did beside deciding: wrote to the author, or asked the safeguarding lead."""

    id: UUID
    case_id: UUID
    kind: StepKind
    words: str
    revision: int
    made_at: datetime
    moderator_name: str


class CaseNextStep(BaseModel):
    """A step that can be taken, and if not now or not by you, why."""

    kind: StepKind
    allowed: bool
    why_not: str | None


class DecisionCreate(Body):
    """A decision on a case one holds. `version` is that of the case as one has read it, and
    `revision` that of the text, where one has read it before taking the case."""

    act: Act
    reason: str = Field(max_length=_GENEROUS)
    note_about: str | None = Field(None, max_length=_GENEROUS)
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = None
    #: What it means for the person who wrote it.
    sanction: SanctionCreate | None = None
    #: What becomes of a sanction that is appealed against in this case.
    answer: SanctionAnswer | None = None


class StepCreate(Body):
    """What the author or the safeguarding lead will read. `version` and `revision` are those of the
    case and the text as one has read them."""

    words: str = Field(max_length=_GENEROUS)
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: Annotated[int, Field(strict=True, ge=1, lt=2**31)] | None = None


class ReadCase(Body):
    """A case as one has read it."""

    case_id: UUID
    version: int = Field(ge=0, lt=2**31, strict=True)
    revision: int = Field(ge=1, lt=2**31, strict=True)


class BatchDecisionCreate(Body):
    """The reason to change nothing about all of these."""

    reason: str = Field(max_length=_GENEROUS)
    cases: list[ReadCase] = Field(min_length=1, max_length=100)


class BatchDecision(BaseModel):
    """How many were decided, and how many stay open because they were no longer as read."""

    decided: int
    left: int


class ReasonTemplate(BaseModel):
    """A reason to start from; `read_by` says who will read it."""

    act: Act
    label: str
    text: str
    read_by: Literal["author", "reporters"]


class StepTemplate(BaseModel):
    """Words to start a step from."""

    kind: StepKind
    label: str
    text: str


class StepFrame(BaseModel):
    """What stands before and after a moderator's words to an author, whatever they write."""

    begins: str
    ends: str


class ReasonTemplates(BaseModel):
    """All of them; and words to start a step from."""

    items: list[ReasonTemplate]
    steps: list[StepTemplate]
    reach_out: StepFrame
