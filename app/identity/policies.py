"""Who may, and what may stand in a name: one predicate each, with the sentence why not."""

import re
from uuid import UUID

from app.core.text import visible
from app.identity.actors import Actor
from app.identity.addresses import Address
from app.identity.errors import NameGivesAwayError, NotAffirmedError, OwnRolesError

_ADDRESS_LIKE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def _letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, visible(text).casefold()))


def shows_address(display_name: str, address: Address) -> bool:
    """Whether a name is the address or what stands before its @, however it is dotted."""
    if _ADDRESS_LIKE.search(display_name):
        return True
    plain = _letters_of(display_name)
    return plain in {_letters_of(address.text), _letters_of(address.local_part)}


def check_display_name(
    display_name: str, address: Address, *, pointer: str = "/display_name"
) -> None:
    """Refuse a name by which members would learn the address; raises NameGivesAwayError."""
    if shows_address(display_name, address):
        raise NameGivesAwayError(pointer=pointer)


def check_new_address(display_name: str, address: Address) -> None:
    """Refuse an address that one's own name would give away; raises NameGivesAwayError."""
    if shows_address(display_name, address):
        raise NameGivesAwayError(
            "Everyone sees your name, and it would show this address. Please change your name in "
            "the settings first.",
            pointer="/email",
        )


def check_promises(*, is_adult: bool, agrees_to_rules: bool) -> None:
    """Joining takes both promises, made by the person; raises NotAffirmedError."""
    if not is_adult:
        raise NotAffirmedError(
            "Alongside is for people who are 18 or over. If you are younger, Childline is there "
            "for you on 0800 1111.",
            pointer="/is_adult",
        )
    if not agrees_to_rules:
        raise NotAffirmedError(
            "Please read the house rules and say that you'll keep to them.",
            pointer="/agrees_to_rules",
        )


def check_appointment(actor: Actor, subject_id: UUID) -> None:
    """Administrators appoint others, never themselves; raises OwnRolesError."""
    if actor.account_id == subject_id:
        raise OwnRolesError
