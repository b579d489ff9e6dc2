"""The sign-in of commands that freeze or download: password, code and tries as in a browser.

Nothing stays signed in: each command asks anew. What the machine says about its user is believed
by nobody.
"""

import os
import sys
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

import typer

from app.core.db import Database
from app.core.encryption import Encryption
from app.core.errors import ForbiddenError
from app.core.settings import Settings
from app.identity import addresses, signing_in
from app.identity.errors import SecondFactorRequiredError, WrongSignInError
from app.identity.permissions import Permission
from app.identity.roles import permissions_of
from app.identity.signing_in import Attempt
from app.research.dataset_models import Requester
from app.run.errors import StartError

EMAIL: Final = "ALONGSIDE_EMAIL"
PASSWORD: Final = "ALONGSIDE_PASSWORD"  # noqa: S105 - the name of a variable
CODE: Final = "ALONGSIDE_CODE"

#: What tries are counted under beside the address: all commands of a machine are one network.
NETWORK: Final = "the command line"

As = Annotated[
    str | None,
    typer.Option("--as", metavar="EMAIL", envvar=EMAIL, help="The address you sign in with."),
]


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone typed, or set."""

    email: str
    password: str
    code: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever signed in at the command line, and what they may do."""

    account_id: UUID
    permissions: frozenset[Permission]

    def requester(self, permission: Permission) -> Requester:
        """Themselves, for an act that asks for this; raises ForbiddenError."""
        if permission not in self.permissions:
            raise ForbiddenError(f"Your account can't do this: it needs {permission.value}.")
        return Requester(self.account_id, how="command_line")


def ask(email: str | None) -> Typed:
    """What a sign-in takes, from the variables, else asked for; raises StartError where there is
    nobody to ask."""
    password, code = os.environ.get(PASSWORD), os.environ.get(CODE)
    if not (email and password and code) and not sys.stdin.isatty():
        raise StartError(
            "Freezing and downloading need your sign-in: run this in a terminal, or set "
            f"{EMAIL}, {PASSWORD} and {CODE} (the six digits of your authenticator app)."
        )
    return Typed(
        email=email or typer.prompt("E-mail"),
        password=password or typer.prompt("Password", hide_input=True),
        code=code or typer.prompt("Code from your authenticator app"),
    )


async def sign_in(database: Database, settings: Settings, typed: Typed) -> Operator:
    """Whoever it is, with no sign-in left behind. Raises what signing in raises, and
    SecondFactorRequiredError for staff without one."""
    encryption = Encryption(settings.secrets)
    attempt = Attempt(
        address=addresses.read(typed.email),
        password=typed.password,
        code=typed.code,
        network=encryption.lookup(NETWORK).hex(),
        description=NETWORK,
    )
    try:
        checked = await signing_in.check_password(database.pool, encryption, attempt)
        is_passed = await signing_in.show_once(
            database,
            encryption,
            checked=checked,
            attempt=attempt,
            is_demo_server=settings.server.demo,
        )
    except WrongSignInError as error:
        raise WrongSignInError(
            "That e-mail and password don't match. (Sign-ins of the demo need DEMO=1.)"
        ) from error
    permissions = permissions_of(checked.own.roles)
    if permissions and not is_passed:
        raise SecondFactorRequiredError
    return Operator(checked.account_id, permissions)
