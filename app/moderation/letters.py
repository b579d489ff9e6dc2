"""E-mails to the team about cases. They hold neither a name nor a word of what was written:
they are read on locked screens."""

from datetime import timedelta

from app.core.number_format import figure
from app.identity.letters import Letter


def asked(origin: str, *, is_worried: bool) -> Letter:
    """To a safeguarding lead whom a moderator asks to look at a case."""
    why = " Someone is worried about a member." if is_worried else ""
    text = (
        "Hello,\n\nA moderator on Alongside asks you, as safeguarding lead, to look at a "
        f"case.{why}\n\nPlease sign in and open it: {origin}/moderation?show=lead\n\n"
        "This e-mail says nothing about who or what, on purpose.\n\nAlongside\n"
    )
    return Letter("A moderator asks you to look at a case", text)


def suspended(origin: str) -> Letter:
    """To a member who may not be signed in. It says neither why nor for how long: e-mails are read
    on locked screens, and by others."""
    text = (
        "Hello,\n\nSomething about your account at Alongside has changed, and there is something "
        "for you to read. Please sign in. You will find what it is, why, until when, and how to "
        f"ask another moderator to look again: {origin}/sign-in\n\n"
        "If you need help now: Samaritans, 116 123, day and night. In danger: 999.\n\n"
        "Alongside\n"
    )
    return Letter("Please sign in to read something about your account", text)


def alert(
    origin: str, *, number: int, is_worried: bool, is_overdue: bool, target: timedelta
) -> Letter:
    """To whoever answers for safety, when somebody is worried (or else a moderator asked for the
    safeguarding lead) and nobody is looking. It holds neither a name nor a word of what was
    written: e-mails are read on locked screens."""
    if not is_worried:
        return _asked_and_waiting(origin, number=number, target=target)
    what = "A member is worried" if number == 1 else f"Members are worried ({figure(number)} cases)"
    waits = (
        f"It has waited longer than the target of {_minutes(target)}."
        if is_overdue
        else "Nobody on the team has picked it up yet."
    )
    text = (
        f"Hello,\n\n{what} about someone on Alongside. {waits}\n\n"
        f"Please sign in and open the queue: {origin}/moderation\n\n"
        "This e-mail says nothing about who or what, on purpose.\n\nAlongside\n"
    )
    subject = "Still waiting: a member is worried" if is_overdue else "A member is worried"
    return Letter(subject, text)


def _asked_and_waiting(origin: str, *, number: int, target: timedelta) -> Letter:
    cases, it = ("a case", "It has") if number == 1 else (f"{number} cases", "They have")
    text = (
        f"Hello,\n\nA moderator on Alongside asked the safeguarding lead to look at {cases}. "
        f"{it} waited longer than the target of {_minutes(target)}.\n\n"
        f"Please sign in and open the queue: {origin}/moderation?show=lead\n\n"
        "This e-mail says nothing about who or what, on purpose.\n\nAlongside\n"
    )
    return Letter("Still waiting: a moderator asked the safeguarding lead", text)


def _minutes(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes % 60:
        return f"{minutes} minutes"
    return "an hour" if minutes == 60 else f"{minutes // 60} hours"
