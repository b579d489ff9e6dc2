"""The words of an invitation and of a reminder. The subject tells nobody what it is about."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """One e-mail, with the address to which a mail program posts to stop all of its kind (RFC
    8058)."""

    subject: str
    text: str
    stop_address: str


def invitation(
    origin: str, *, token: str, minutes: int, until: date, is_reminder: bool
) -> InvitationLetter:
    """To someone who agreed to be asked."""
    stop_link = f"{origin}/stop-invitations#token={token}"
    first = (
        "Some questions are still waiting for you, if you would like to answer them."
        if is_reminder
        else "The study that you take part in has some questions for you."
    )
    return InvitationLetter(
        subject="A few questions are waiting for you",
        text=(
            f"Hello,\n\n{first} It takes about {minutes} minutes. You can skip any question, stop "
            "in between and go on later.\n\n"
            f"{origin}/questionnaires\n\n"
            f"They are open until {until.day} {until:%B %Y}. Answering is up to you. If now is not "
            "a good time, leave it, and nothing changes for you.\n\n"
            "To get no more of these e-mails, open this link. You don't need to sign in:\n"
            f"{stop_link}\n\n"
            "With warm wishes,\nAlongside\n\n"
            "If you need help now: Samaritans, 116 123, day and night. In danger: 999.\n"
        ),
        stop_address=f"{origin}/api/v1/invitation-stops/{token}",
    )
