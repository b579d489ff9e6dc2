"""What people are told, in one place, so that it is kind everywhere (docs/moderation.md).

Nothing here says who flagged, and nobody reads that they are not in trouble where they are.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core import clock
from app.moderation.case_models import StepKind
from app.moderation.decision_models import Act
from app.moderation.hours import TeamPresence
from app.moderation.sanction_models import ChangeKind, SanctionKind
from app.moderation.sanction_rule import FOR_GOOD, Term

HELP_NOW = (
    "If someone may be in danger right now, call 999. To talk to someone at any hour, call "
    "Samaritans on 116 123, or text SHOUT to 85258."
)

THANKS_RULES = (
    "Thank you for telling us. A moderator will look, and we'll let you know what we did."
)
THANKS_WORRIED = "Thank you for looking out for someone."
TOLD_WHEN_LOOKED = "We'll let you know when we have looked."
THANKS_AGAIN = "Thank you. Another moderator will look at it with fresh eyes, and we'll tell you."
THANKS_AGAIN_ALONE = (
    "Thank you. There is no other moderator at the moment. It waits until there is one, and we'll "
    "tell you when they have looked."
)

#: Around a moderator's words to an author: they are not in trouble, and where help is.
REACH_OUT_BEGINS = "A moderator wrote to you about something you wrote here. You're not in trouble."
REACH_OUT_ENDS = (
    "If you are in danger right now, call 999. To talk to someone at any hour, call Samaritans on "
    "116 123, or text SHOUT to 85258."
)

#: What a lead reads in their news: nothing of who or what.
ASKED_OF_LEAD = "A moderator asks you, as safeguarding lead, to look at a case."


def reach_out(said: str) -> str:
    """What an author reads whom a moderator wrote to. It says nothing of who worried."""
    return f"{REACH_OUT_BEGINS}\n\n{said}\n\n{REACH_OUT_ENDS}"


def thanks(*, is_worried: bool, standing: TeamPresence, zone: ZoneInfo) -> str:
    """What someone reads who has just flagged: who reads it now, or when the team is next here."""
    if not is_worried:
        return THANKS_RULES
    return f"{THANKS_WORRIED} {who_reads(standing, zone)} {TOLD_WHEN_LOOKED} {HELP_NOW}"


def who_reads(standing: TeamPresence, zone: ZoneInfo) -> str:
    """What happens to a worry that is sent now, by the team's hours."""
    if standing.is_here:
        until = (
            "at every hour" if standing.until is None else f"until {_when(standing.until, zone)}"
        )
        return f"Moderators are here {until}. They look at worries first."
    written = "The people in charge of safety are told by e-mail."
    if standing.next_at is None:
        return (
            f"There may be no moderator here at the moment. {written} "
            "We can't promise when someone reads it."
        )
    next_here = _when(standing.next_at, zone)
    return (
        f"No moderator is on duty right now. They are next here at {next_here}. "
        f"{written} They may not see it straight away."
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


_NOT_IN_TROUBLE = " You're not in trouble."


def notice(
    act: Act, *, note_about: str | None, is_appeal: bool, is_sanctioned: bool = False
) -> str:
    """What the author reads that was done. Why stands beside it, and what they can do follows from
    how their words stand when they read it (`community.news`). That they are not in trouble is said
    only where it is true."""
    said = _APPEAL_NOTICES[act] if is_appeal else _NOTICES[act]
    if is_sanctioned:
        said = said.replace(_NOT_IN_TROUBLE, "")
    return said.format(about=note_about)


_NOTICES: dict[Act, str] = {
    Act.NOTHING: "We looked at what you wrote, and it stays as it is. You're not in trouble.",
    Act.FOLD: (
        "What you wrote is still here. We've folded it behind a note that says it mentions "
        "“{about}”, so people can choose when to open it. You're not in trouble."
    ),
    Act.HIDE: "We've hidden what you wrote for now. You're not in trouble.",
    Act.RESTORE: "What you wrote is open for everyone again.",
}

_APPEAL_NOTICES: dict[Act, str] = {
    Act.NOTHING: "Another moderator looked again, and left it as it was.",
    Act.FOLD: (
        "Another moderator looked again. What you wrote is now folded behind a note that says it "
        "mentions “{about}”, so people can choose when to open it."
    ),
    Act.HIDE: "Another moderator looked again, and it stays hidden.",
    Act.RESTORE: "Another moderator looked again, and it is open for everyone as you wrote it.",
}


#: What each kind of sanction means, to the member; the sentence says until when.
_SANCTIONED: dict[SanctionKind, str] = {
    SanctionKind.WARN: (
        "A moderator asks you to take care with what you write here. Nothing else changes for you."
    ),
    SanctionKind.READ_FIRST: (
        "Until {until}, a moderator reads what you write before others can. You can read, react "
        "and write as before."
    ),
    SanctionKind.NO_POSTING: ("Until {until}, you can't write here. You can still read and react."),
    SanctionKind.SUSPEND: (
        "Your account is suspended {until}. You can't read or write here. You can still sign in, "
        "find help, see your data and close your account."
    ),
}
_MAY_APPEAL = "If this feels wrong, you can appeal: another moderator will look again."
_IS_OVER: dict[SanctionKind, str] = {
    SanctionKind.READ_FIRST: "What you write is shown to others at once again.",
    SanctionKind.NO_POSTING: "You can write here again.",
    SanctionKind.SUSPEND: "Your account is open again. Welcome back.",
}


def sanctioned(term: Term) -> str:
    """What a member reads when something comes into force for them."""
    said = _SANCTIONED[term.kind].format(until=_until(term))
    return f"{said} {_MAY_APPEAL}"


def sanction_over(kind: SanctionKind) -> str:
    """That the time has run out."""
    return _IS_OVER[kind]


def answered_appeal(kind: ChangeKind, term: Term) -> str:
    """What became of an appeal against a sanction."""
    if kind is ChangeKind.LIFTED:
        over = _IS_OVER.get(term.kind, "The warning no longer stands.")
        return f"Another moderator looked again, and has lifted it. {over}"
    said = _SANCTIONED[term.kind].format(until=_until(term))
    if kind is ChangeKind.SHORTENED:
        return f"Another moderator looked again, and made it shorter. {said}"
    return f"Another moderator looked again, and it stays. {said}"


def _until(term: Term) -> str:
    """ "until 14 March 2027"; a suspension may be for good."""
    end = term.ends_at
    if end is None or end == FOR_GOOD:
        return "for good"
    day = f"{end.day} {end:%B %Y}"
    return f"until {day}" if term.kind is SanctionKind.SUSPEND else day


def answer(
    act: Act,
    *,
    reason: str,
    is_worried: bool,
    is_taken_back: bool,
    steps: Collection[StepKind] = (),
) -> str:
    """What someone reads who flagged it. The reason is theirs only where nothing was changed:
    otherwise it was written to the author. Whoever worried reads what was done for the person, and
    only what was: `steps` are those that were taken in the case."""
    parts = [_WORRIED_ANSWER if is_worried else "You told us about something you read."]
    if is_worried:
        parts += [said for kind, said in _DONE.items() if kind in steps]
    parts.append(_TAKEN_BACK if is_taken_back else _ANSWERS[act])
    if act is Act.NOTHING:
        parts.append(sentence(reason))
    return " ".join(parts)


#: What was done for someone, to whoever worried about them.
_DONE: dict[StepKind, str] = {
    StepKind.REACHED_OUT: "We've written to them, with where they can find help at any hour.",
    StepKind.HANDED_OVER: "We've also asked the person who leads on safety here to look.",
}


def batch_answer(number: int, *, reason: str, is_worried: bool, reached: int = 0) -> str:
    """The one answer to someone whose many flags were looked at together; in so many of them the
    author was written to."""
    things = "one thing" if number == 1 else f"{number} things"
    why = "because you were worried" if is_worried else "that you read"
    whom = "the person" if number == 1 else "the people" if reached == number else "some of them"
    wrote = f" We've written to {whom}, with where to find help." if is_worried and reached else ""
    return (
        f"You told us about {things} {why}. A moderator has left them as they are.{wrote} "
        f"{sentence(reason)}"
    )


_WORRIED_ANSWER = (
    "You told us you were worried about someone. A moderator has looked at what you told us."
)
_TAKEN_BACK = "We looked. The person who wrote it has deleted it."

_ANSWERS: dict[Act, str] = {
    Act.NOTHING: "We looked, and left it as it is.",
    Act.FOLD: "It is now folded behind a note, so people can choose when to open it. Thank you.",
    Act.HIDE: "It is hidden now. Thank you for helping to keep this place safe.",
    Act.RESTORE: "We looked at it again, and it is open for everyone. Thank you.",
}


def sentence(text: str) -> str:
    """Ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "…", ")", "”")) else f"{text}."
