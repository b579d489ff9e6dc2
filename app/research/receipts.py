"""Receipts: what was chosen, when and under which sheet, read back from the ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from app.research.models import Consent, ConsentAct, ParticipantState, Purpose, Study

#: What each purpose is called, as on the receipt on screen.
_LABELS = {
    Purpose.ACTIVITY: "What I do here",
    Purpose.QUESTIONNAIRES: "Questionnaires",
    Purpose.TEXT: "What I write",
    Purpose.CONTACT: "Asking me again",
}


class ReceiptState(StrEnum):
    """How the member stands in the study after the act."""

    TAKING_PART = "taking_part"
    STOPPED = "stopped"
    ERASED = "erased"
    NOTHING_HELD = "nothing_held"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a member gets after each choice, and can read again in My data."""

    study_id: UUID
    study_title: str
    pseudonym: str | None
    state: ReceiptState
    at: datetime
    sheet_version: int | None
    acts: dict[Purpose, ConsentAct]
    #: True when the act had been done before and nothing new was recorded.
    already: bool


def from_ledger(
    study: Study, participant_id: str, acts: list[Consent], *, already: bool = False
) -> list[Receipt]:
    """One receipt a moment of the ledger, the oldest first."""
    found = []
    in_force: set[str] = set()
    for at, group in groupby(acts, key=lambda act: act.at):
        chosen = list(group)
        in_force |= {act.purpose for act in chosen if act.act == ConsentAct.GIVEN}
        in_force -= {act.purpose for act in chosen if act.act != ConsentAct.GIVEN}
        found.append(
            Receipt(
                study_id=study.id,
                study_title=study.title,
                pseudonym=participant_id,
                state=ReceiptState.TAKING_PART if in_force else ReceiptState.STOPPED,
                at=at,
                sheet_version=max(act.sheet_version for act in chosen),
                acts={Purpose(act.purpose): ConsentAct(act.act) for act in chosen},
                already=already,
            )
        )
    return found


def of_erasure(
    study: Study, participant_id: str, at: datetime, acts: dict[Purpose, ConsentAct]
) -> Receipt:
    """Shown once: after it, nobody can tell whose pseudonym this was."""
    return Receipt(
        study_id=study.id,
        study_title=study.title,
        pseudonym=participant_id,
        state=ReceiptState(ParticipantState.ERASED.value),
        at=at,
        sheet_version=None,
        acts=acts,
        already=False,
    )


def of_nothing(study: Study, at: datetime) -> Receipt:
    """For someone the study holds nothing about: they never joined, or were erased."""
    return Receipt(
        study_id=study.id,
        study_title=study.title,
        pseudonym=None,
        state=ReceiptState.NOTHING_HELD,
        at=at,
        sheet_version=None,
        acts={},
        already=True,
    )


def as_letter(receipt: Receipt) -> tuple[str, str]:
    """Subject and text of the letter that carries a receipt."""
    lines = [f"Study: {receipt.study_title}", f"When: {receipt.at:%d %B %Y, %H:%M} UTC"]
    if receipt.pseudonym is not None:
        lines.append(f"Your code in the study: {receipt.pseudonym}")
    words = {"given": "yes", "declined": "no", "withdrawn": "no longer"}
    lines += [f"{_LABELS[purpose]}: {words[act.value]}" for purpose, act in receipt.acts.items()]
    closing = {
        ReceiptState.TAKING_PART: "You can change your mind at any time under My data.",
        ReceiptState.STOPPED: (
            "Nothing more is recorded. What was recorded before stays until you have it erased."
        ),
        ReceiptState.ERASED: (
            "Your rows, texts and answers are gone, and nobody can tell any more whose code this "
            "was. Keep this e-mail if you want to: we have no copy."
        ),
        ReceiptState.NOTHING_HELD: "This study holds nothing about you.",
    }
    lines += ["", closing[receipt.state]]
    return "Your receipt from a study", "\n".join(lines)
