"""What people are told, in one place, so that it is kind everywhere (docs/moderation.md).

Nothing here says who flagged, and nothing says that anyone is in trouble.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core import clock
from app.identity.letters import Letter
from app.moderation.hours import Standing
from app.moderation.models import Act, ReportReason

HELP_NOW = (
    "If someone may be in danger right now, call 999. To talk to someone at any hour, call "
    "Samaritans on 116 123, or text SHOUT to 85258."
)

ASK_AGAIN = "If this feels wrong, you can ask another moderator to look again."

THANKS_RULES = (
    "Thank you for telling us. A moderator will look, and we'll let you know what we did."
)
THANKS_WORRIED = "Thank you for looking out for someone."
TOLD_WHEN_LOOKED = "We'll let you know when we have looked."
THANKS_AGAIN = "Thank you. Another moderator will look at it with fresh eyes, and we'll tell you."

#: How each reason for a flag is said to moderators and in a member's own list.
REASONS: dict[ReportReason, str] = {
    ReportReason.HURTFUL: "It's hurtful to someone",
    ReportReason.UNSAFE_METHOD: "It describes a way of getting hurt",
    ReportReason.PERSONAL_DETAILS: "It shares personal details",
    ReportReason.SPAM: "It's advertising or spam",
    ReportReason.SOMETHING_ELSE: "Something else",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A reason to start from. Whoever decides makes it their own."""

    act: Act
    label: str
    text: str


TEMPLATES: tuple[Template, ...] = (
    Template(
        Act.NOTHING,
        "Within the house rules",
        "We read it with care and it is within our house rules. It may still have been hard to "
        "read, and you did the right thing by telling us.",
    ),
    Template(
        Act.NOTHING,
        "We have looked in on them",
        "We read everything they wrote here and have made sure they know where help is. Thank you "
        "for noticing.",
    ),
    Template(
        Act.FOLD,
        "Hard to read for some",
        "What you wrote matters and it can stay. It may be hard to read for someone on a bad day, "
        "so people now choose when to open it.",
    ),
    Template(
        Act.HIDE,
        "Describes a method",
        "It described a way of getting hurt in more detail than we keep here, because someone "
        "might try it on a bad day. You can edit that part and tell us.",
    ),
    Template(
        Act.HIDE,
        "Hurtful words",
        "Some of the words could hurt another member. You can say how you feel, and we'd love you "
        "to, without those words.",
    ),
    Template(
        Act.HIDE,
        "Personal details",
        "It held details that could tell people who or where someone is. We hid it to keep you "
        "and others safe here.",
    ),
    Template(
        Act.HIDE,
        "Advertising",
        "It reads as an advertisement, and we keep this a place for support. If we got that wrong, "
        "please tell us.",
    ),
    Template(
        Act.RESTORE,
        "We looked again",
        "We looked at it again and it can stand as you wrote it. Sorry for the worry this caused.",
    ),
)


def templates() -> list[dict[str, str]]:
    """All of them, with who will read a reason given with that act."""
    return [
        {
            "act": template.act.value,
            "label": template.label,
            "text": template.text,
            "read_by": "reporters" if template.act is Act.NOTHING else "author",
        }
        for template in TEMPLATES
    ]


def thanks(*, is_worried: bool, standing: Standing, zone: ZoneInfo) -> str:
    """What someone reads who has just flagged: who reads it now, or when the team is next here."""
    if not is_worried:
        return THANKS_RULES
    return f"{THANKS_WORRIED} {who_reads(standing, zone)} {TOLD_WHEN_LOOKED} {HELP_NOW}"


def who_reads(standing: Standing, zone: ZoneInfo) -> str:
    """What happens to a worry that is sent now, by the team's hours."""
    if standing.is_here:
        until = (
            "at every hour" if standing.until is None else f"until {_when(standing.until, zone)}"
        )
        return f"Moderators are here {until}. They look at worries first."
    written = "We e-mail the people who answer for safety straight away."
    if standing.next_at is None:
        return (
            f"There may be no moderator here at the moment. {written} "
            "We can't promise when someone reads it."
        )
    next_here = _when(standing.next_at, zone)
    return (
        f"No moderator is on duty right now. They are next here at {next_here}. "
        f"{written} They may not see it at once."
    )


def _when(at: datetime, zone: ZoneInfo) -> str:
    """ "9am tomorrow", "midnight", "9:30pm on Sunday", on the team's clock."""
    now, then = clock.now().astimezone(zone), at.astimezone(zone)
    if (then.hour, then.minute) == (0, 0):
        then -= timedelta(minutes=1)
        hour = "midnight"
    elif (then.hour, then.minute) == (12, 0):
        hour = "midday"
    else:
        minutes = f":{then.minute:02}" if then.minute else ""
        hour = f"{then.hour % 12 or 12}{minutes}{'am' if then.hour < 12 else 'pm'}"
    days = (then.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {then:%A}")
    return hour if hour == "midnight" and days == 0 else f"{hour} {day}"


def alert(origin: str, *, number: int, is_overdue: bool, target: timedelta) -> Letter:
    """To whoever answers for safety, when somebody is worried and nobody is looking. It holds
    neither a name nor a word of what was written: letters are read on locked screens."""
    what = "A member is worried" if number == 1 else f"Members are worried ({number} cases)"
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


def _minutes(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes % 60:
        return f"{minutes} minutes"
    return "an hour" if minutes == 60 else f"{minutes // 60} hours"


def notice(act: Act, *, reason: str, note_about: str | None, is_second_look: bool) -> str:
    """What the author reads: what was done, why, and what they can do."""
    said = _SECOND_LOOK_NOTICES[act] if is_second_look else _NOTICES[act]
    what = said.format(about=note_about)
    last = "" if is_second_look or act in {Act.NOTHING, Act.RESTORE} else f" {ASK_AGAIN}"
    return f"{what} Why: {_sentence(reason)}{last}"


_NOTICES: dict[Act, str] = {
    Act.NOTHING: "We looked at what you wrote, and it stays as it is. You're not in trouble.",
    Act.FOLD: (
        "What you wrote is still here. We've folded it behind a note that says it mentions "
        "“{about}”, so people can choose when to open it. You're not in trouble."
    ),
    Act.HIDE: "We've hidden what you wrote for now. You're not in trouble.",
    Act.RESTORE: "What you wrote is open for everyone again.",
}

_SECOND_LOOK_NOTICES: dict[Act, str] = {
    Act.NOTHING: "Another moderator looked again, and left it as it was.",
    Act.FOLD: (
        "Another moderator looked again. What you wrote is now folded behind a note that says it "
        "mentions “{about}”, so people can choose when to open it."
    ),
    Act.HIDE: "Another moderator looked again, and it stays hidden.",
    Act.RESTORE: "Another moderator looked again, and it is open for everyone as you wrote it.",
}


def answer(act: Act, *, reason: str, is_worried: bool, is_taken_back: bool) -> str:
    """What someone reads who flagged it. The reason is theirs only where nothing was changed:
    otherwise it was written to the author."""
    parts = [_WORRIED_ANSWER if is_worried else "You told us about something you read."]
    parts.append(_TAKEN_BACK if is_taken_back else _ANSWERS[act])
    if act is Act.NOTHING:
        parts.append(_sentence(reason))
    return " ".join(parts)


def group_answer(number: int, *, reason: str, is_worried: bool) -> str:
    """The one answer to someone whose many flags were looked at together."""
    things = "one thing" if number == 1 else f"{number} things"
    why = "because you were worried" if is_worried else "that you read"
    return (
        f"You told us about {things} {why}. We looked, and left them as they are. "
        f"{_sentence(reason)}"
    )


_WORRIED_ANSWER = "You told us you were worried about someone. A moderator has read it with care."
_TAKEN_BACK = "We looked. The person who wrote it has taken it back."

_ANSWERS: dict[Act, str] = {
    Act.NOTHING: "We looked, and left it as it is.",
    Act.FOLD: "It is now folded behind a note, so people can choose when to open it. Thank you.",
    Act.HIDE: "It is hidden now. Thank you for helping to keep this place safe.",
    Act.RESTORE: "We looked at everything again, and it is open for everyone. Thank you.",
}


def _sentence(text: str) -> str:
    """Ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "…", ")", "”")) else f"{text}."
