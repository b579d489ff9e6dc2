"""Who may do what with a group: one predicate an act, with the reason when not."""

from app.core.verdicts import YES, Verdict, no
from app.identity.actors import Actor
from app.identity.roles import Role
from app.programme.errors import HostsOnlyError
from app.programme.models import Group


def can_run(actor: Actor, *, is_host: bool) -> Verdict:
    """Plan meetings, give codes and take attendance: whoever runs the group now, and is a host
    still."""
    if is_host and Role.HOST in actor.roles:
        return YES
    return no(HostsOnlyError.default_detail)


def can_change(group: Group) -> Verdict:
    """Nothing new happens in a closed group."""
    if group.closed_at is None:
        return YES
    return no("This group has closed. You can find other groups in the list.")
