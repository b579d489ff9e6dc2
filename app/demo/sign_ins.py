"""The demo's sign-ins, one a role: known to everyone, so only on this machine and with DEMO=1."""

from typing import Final

from app.community import members, welcome
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import accounts, addresses, passwords, second_factors, staff
from app.identity.accounts import Applicant
from app.identity.letters import Letterbox
from app.identity.roles import STAFF, Role

PASSWORD: Final = "alongside-demo"  # noqa: S105 - of synthetic people, on this machine alone
SECOND_FACTOR: Final = "JBSWY3DPEHPK3PXP"
DOMAIN: Final = "demo.test"

#: What stands before the @, what others see, and the part they play.
PEOPLE: Final = (
    ("member", "Robin", Role.MEMBER),
    ("host", "Marlow", Role.HOST),
    ("moderator", "Sam at Alongside", Role.MODERATOR),
    ("safeguarding", "Ash at Alongside", Role.SAFEGUARDING),
    ("adviser", "Linden", Role.ADVISER),
    ("researcher", "Dr Wren", Role.RESEARCHER),
    ("checker", "Dr Larch", Role.CHECKER),
    ("admin", "Alongside office", Role.ADMINISTRATOR),
)

_REASON: Final = "A sign-in of the demo."


class NotADemoError(Exception):
    """These passwords are printed in the documentation: they open nothing real."""

    def __init__(self) -> None:
        super().__init__("Demo sign-ins are only made with DEMO=1, on this machine alone.")


async def make(database: Database, settings: Settings) -> None:
    """Make the sign-ins that are missing; raises NotADemoError unless this is a demo."""
    if not settings.server.demo:
        raise NotADemoError
    encryption = Encryption(settings.secrets)
    password_hash = await passwords.hash_(PASSWORD)
    for local_part, display_name, role in PEOPLE:
        applicant = Applicant(addresses.parse(f"{local_part}@{DOMAIN}"), password_hash)
        await _make(
            database, Letterbox(encryption, settings.server.origin), applicant, display_name, role
        )


async def _make(
    database: Database, letterbox: Letterbox, applicant: Applicant, display_name: str, role: Role
) -> None:
    async with unit_of_work(database) as session:
        email_hash = applicant.address.hash(letterbox.encryption)
        await addresses.lock(session, email_hash)
        if await addresses.is_taken(session, letterbox.encryption, applicant.address):
            return
        account = await accounts.create(
            session, letterbox, applicant, is_verified=True, is_demo=True
        )
        await members.enrol(
            session, account.member_id, display_name=display_name, speaks_for_us=role in STAFF
        )
        await welcome.close(session, account.member_id)
        if role is Role.MEMBER:
            return
        await staff.grant(
            session, account_id=account.id, role=role, reason=_REASON, granter_id=None
        )
        if role in STAFF:
            await second_factors.put(
                session, letterbox.encryption, account_id=account.id, secret=SECOND_FACTOR
            )
