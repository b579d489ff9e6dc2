"""The fixed words of the community, alike in tables, requests and on screen."""

from enum import StrEnum

BODY_LIMIT = 10_000
NOTE_LIMIT = 60
#: In place of a note that repeats what a moderator has hidden: "Mentions …".
COVERED_NOTE = "words a moderator has hidden"
#: So often a post can be changed. Every former text is kept, up to BODY_LIMIT each.
EDITS_MOST = 100
ABOUT_LIMIT = 500
NEW_DAYS = 7
SOMEONE_WHO_LEFT = "Someone who has left"


class Intent(StrEnum):
    """What a post is for, if its author said so."""

    LOOKING_FOR_SUPPORT = "looking_for_support"
    SAYING_HELLO = "saying_hello"
    SEEKING_SUGGESTIONS = "seeking_suggestions"
    SHARING_A_LITTLE_WIN = "sharing_a_little_win"


class ReactionKind(StrEnum):
    """The four reactions, for when words are hard."""

    THINKING_OF_YOU = "thinking_of_you"
    I_HEAR_YOU = "i_hear_you"
    I_LIKE_THIS = "i_like_this"
    THIS_HELPED_ME = "this_helped_me"


class StaffRole(StrEnum):
    """The role by which someone acts for the house, as posts show it."""

    SAFEGUARDING = "safeguarding"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class BreakLength(StrEnum):
    """How long a break is meant to last."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class NotificationKind(StrEnum):
    """What a notification is about."""

    REPLY = "reply"
    REACTION = "reaction"
    DECISION = "decision"
    REPORT_ANSWER = "report_answer"
    #: A moderator writes to someone, with where help is.
    REACH_OUT = "reach_out"
    #: A safeguarding lead is asked to look at a case.
    HAND_OVER = "hand_over"
    #: What a decision means for a member, and that it is over.
    SANCTION = "sanction"
