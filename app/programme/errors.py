"""What can go wrong in the programme, in words for the person it happens to."""

from app.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.programme.choices import TAKEN_UNTIL


class GroupNotFoundError(NotFoundError):
    """No such group."""

    type = "group-not-found"
    title = "We can't find that group"
    default_detail = "It may have closed. You can go back to the list of groups."


class MeetingNotFoundError(NotFoundError):
    """No such meeting, or not of a group that you host."""

    type = "meeting-not-found"
    title = "We can't find that meeting"
    default_detail = "The link may be wrong. You can go back to your group."


class OrganisationNotFoundError(NotFoundError):
    """No such organisation."""

    type = "organisation-not-found"
    title = "We can't find that organisation"
    default_detail = "Load the page again and choose one from the list."


class AreaNotFoundError(NotFoundError):
    """No such area."""

    type = "area-not-found"
    title = "We can't find that area"
    default_detail = "Load the page again and choose one from the list."


class HostsOnlyError(ForbiddenError):
    """Meetings and attendance are for those who run the group now."""

    type = "hosts-only"
    title = "Only the hosts of this group can do this"
    default_detail = "If you run this group, ask the office to add you as its host."


class NotAHostError(ConflictError):
    """Someone who is no host is asked to run a group."""

    type = "not-a-host"
    title = "This person isn't a host yet"
    default_detail = "Give them the role of host under Staff, then add them here."


class NameInUseError(ConflictError):
    """Two of one name could not be told apart."""

    type = "name-in-use"
    title = "This name is in use"
    default_detail = "Please choose another. Nothing else was changed."


class GroupClosedError(ConflictError):
    """Nothing new happens in a closed group."""

    type = "group-closed"
    title = "This group has closed"
    default_detail = "You can find other groups in the list."


class MeetingThereError(ConflictError):
    """The group meets at that time already."""

    type = "meeting-there"
    title = "There is a meeting at that time already"
    default_detail = "Please choose another day or time. Nothing was added."


class MeetingHeldError(ConflictError):
    """People were at it, so it was no cancelled meeting."""

    type = "meeting-held"
    title = "People are on the list of this meeting"
    default_detail = "If it didn't take place, take everyone off the list first."


class AttendanceNotOpenError(ConflictError):
    """Too early, too late, or of a cancelled meeting."""

    type = "attendance-not-open"
    title = "The list of this meeting can't be changed now"
    default_detail = (
        "You can change it from two hours before a meeting begins until "
        f"{TAKEN_UNTIL.days} days after. If something is wrong in it, tell the office."
    )


class AttendeeUnknownError(NotFoundError):
    """A member who does not go to this group."""

    type = "attendee-unknown"
    title = "This person isn't on the list of this group"
    default_detail = (
        "Ask them to choose “I go to this group” on Alongside, or give them a card with a code."
    )


class NoSuchTimeError(InvalidError):
    """A time of day that a change of the clocks leaves out."""

    type = "no-such-time"
    title = "There is no such time on that day"
    default_detail = "The clocks go forward in that night. Please choose another time."


class BadCodeError(InvalidError):
    """What was typed can't be a participation code."""

    type = "bad-code"
    title = "That isn't a code we know"
    default_detail = "Please check it against the card: one character may be wrong or missing."
