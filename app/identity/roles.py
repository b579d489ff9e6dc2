"""What people are here for. Everyone is a member; the other roles are given by an administrator."""

from enum import StrEnum
from typing import Final

from app.identity.permissions import Permission


class Role(StrEnum):
    """A part someone plays; one account can play several."""

    MEMBER = "member"
    HOST = "host"
    MODERATOR = "moderator"
    SAFEGUARDING = "safeguarding"
    ADVISER = "adviser"
    RESEARCHER = "researcher"
    CHECKER = "checker"
    ADMINISTRATOR = "administrator"


class Family(StrEnum):
    """Two kinds of knowing that never meet in one account; the database refuses both."""

    MODERATION = "moderation"
    RESEARCH = "research"


FAMILY_OF: Final = {
    Role.MODERATOR: Family.MODERATION,
    Role.SAFEGUARDING: Family.MODERATION,
    Role.RESEARCHER: Family.RESEARCH,
    Role.CHECKER: Family.RESEARCH,
}

_MODERATION: Final = frozenset(
    {
        Permission.MODERATION_CASES_DECIDE,
        Permission.MODERATION_CASES_READ,
        Permission.MODERATION_LOG_READ,
    }
)

PERMISSIONS_OF: Final[dict[Role, frozenset[Permission]]] = {
    Role.MEMBER: frozenset(),
    Role.HOST: frozenset(),
    Role.MODERATOR: _MODERATION,
    Role.SAFEGUARDING: _MODERATION | {Permission.MODERATION_HOURS_EDIT},
    Role.ADVISER: frozenset(
        {
            Permission.RESEARCH_EDITIONS_READ,
            Permission.RESEARCH_INSTRUMENTS_READ,
            Permission.RESEARCH_REVIEWS_WRITE,
        }
    ),
    Role.RESEARCHER: frozenset(
        {
            Permission.RESEARCH_CONTACT_ANSWER,
            Permission.RESEARCH_DATASETS_FREEZE,
            Permission.RESEARCH_DATASETS_DOWNLOAD,
            Permission.RESEARCH_DATASETS_READ,
            Permission.RESEARCH_EDITIONS_READ,
            Permission.RESEARCH_EDITIONS_WRITE,
            Permission.RESEARCH_INSTRUMENTS_READ,
            Permission.RESEARCH_PLANS_SIGN,
            Permission.RESEARCH_QUESTIONS_ASK,
            Permission.RESEARCH_RESPONSES_ENTER,
            Permission.RESEARCH_STUDIES_READ,
            Permission.RESEARCH_STUDIES_RUN,
        }
    ),
    Role.CHECKER: frozenset(
        {
            Permission.RESEARCH_DATASETS_READ,
            Permission.RESEARCH_EDITIONS_READ,
            Permission.RESEARCH_INSTRUMENTS_READ,
            Permission.RESEARCH_PLANS_SIGN,
            Permission.RESEARCH_RELEASES_DECIDE,
            Permission.RESEARCH_STUDIES_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.IDENTITY_STAFF_APPOINT,
            Permission.IDENTITY_STAFF_READ,
            Permission.MODERATION_HOURS_EDIT,
            Permission.PROGRAMME_GROUPS_EDIT,
            Permission.RESEARCH_INSTRUMENTS_LICENSE,
            Permission.RESEARCH_INSTRUMENTS_READ,
        }
    ),
}

#: Roles that act for the community or for a study, and only behind a second factor. An adviser is a
#: peer, who speaks for members: they take part like everyone, and see nobody's data.
STAFF: Final = frozenset(role for role, held in PERMISSIONS_OF.items() if held) - {Role.ADVISER}

#: The ledger's reason for the first administrator, whom nobody appointed.
MADE_BY_COMMAND: Final = "Made on the command line."


def is_staff(roles: frozenset[Role]) -> bool:
    """Whether any of the roles acts for the community or for a study."""
    return not STAFF.isdisjoint(roles)


def needs_second_factor(roles: frozenset[Role]) -> bool:
    """Whether any of the roles can only be used behind a second factor."""
    return not STAFF.isdisjoint(roles)


def permissions_now(roles: frozenset[Role], *, is_passed: bool) -> frozenset[Permission]:
    """What these roles may do in a sign-in that has passed its second factor, or has not."""
    is_waiting = needs_second_factor(roles) and not is_passed
    return frozenset() if is_waiting else permissions_of(roles)


def stands_apart(roles: frozenset[Role]) -> bool:
    """Whether any of the roles works on studies. Such an account is no part of the community: it
    reads and writes nothing there, so that nobody holds a study's rows beside the wall."""
    return any(FAMILY_OF.get(role) is Family.RESEARCH for role in roles)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything the roles hold together."""
    return frozenset[Permission]().union(*(PERMISSIONS_OF[role] for role in roles))
