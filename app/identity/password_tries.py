"""How many wrong passwords are too many, and for whom.

Strangers share one count an address and one a network. A browser that the account knows has a count
of its own instead, so that nobody can shut its owner out. After a new password by a link, a few
right answers count although the address is shut; a wrong one is answered as before, so strangers
see no difference. A rightful try leaves no trace in any count that strangers can feel.
"""

from dataclasses import dataclass
from typing import Any, Final, LiteralString, Self

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, limits
from app.core.encryption import Encryption
from app.core.errors import TooManyError
from app.core.limits import Settlement, Spending
from app.identity import sessions
from app.identity.addresses import Address

#: Wrong tries of strangers, from anywhere, on one address.
PER_ADDRESS: Final = 10
#: Wrong tries from one network, on any address: many people share one behind a clinic's door.
PER_NETWORK: Final = 60
#: Wrong tries of one browser that the account knows; a right one starts afresh.
PER_BROWSER: Final = 10
WINDOW_SECONDS: Final = 15 * 60
#: Tries that may still be right on a shut address, within an hour of a new password by a link.
PER_RESET: Final = 10

_TOO_MANY: Final = (
    "That was a lot of tries. Please wait a little, or let us send you a link to choose a new "
    "password."
)

_SPENT: LiteralString = limits.spend_sql(
    "CASE WHEN EXISTS (SELECT FROM known) THEN %(own_keys)s::bytea[] ELSE %(keys)s::bytea[] END"
)
#: Parts of a WITH: is the browser known to the account, the try spent accordingly, and one of
#: those after a reset where the address is shut.
SQL: LiteralString = f"""
    known AS MATERIALIZED (
      SELECT b.token_hash FROM identity.known_browsers b
      JOIN identity.accounts k ON k.id = b.account_id
      WHERE b.token_hash = %(browser_hash)s AND b.ends_at > %(now)s
        AND k.email_hash = ANY (%(email_hashes)s)),
    spent AS ({_SPENT}),
    freed AS (
      UPDATE core.rate_limits f SET spent = f.spent + 1 FROM spent
      WHERE spent.key = %(address_key)s AND spent.spent > %(per_address)s
        AND f.key = %(reset_key)s AND f.started_at > %(now)s - interval '1 hour'
        AND f.spent < %(per_reset)s
      RETURNING f.key)
"""  # noqa: S608 - put together from constants
#: What it gives beside key, spent and started_at.
COLUMNS: LiteralString = """
    EXISTS (SELECT FROM known) AS is_known, EXISTS (SELECT FROM freed) AS is_freed
"""

_FREE: Final = """
    INSERT INTO core.rate_limits (key, started_at, spent) VALUES (%s, %s, 0)
    ON CONFLICT (key) DO UPDATE SET started_at = excluded.started_at, spent = 0
"""


@dataclass(frozen=True, slots=True)
class Tries:
    """What one try is counted under."""

    network: str
    address: str
    reset: str
    #: Of the browser's token, when it sent one.
    browser_hash: bytes | None

    @classmethod
    def of(
        cls, encryption: Encryption, address: Address, *, network: str, browser: str | None
    ) -> Self:
        email_hash = address.hash(encryption).hex()
        return cls(
            network=f"sign-in:network:{network}",
            address=f"sign-in:address:{email_hash}",
            reset=f"sign-in:reset:{email_hash}",
            browser_hash=sessions.hash_token(browser) if browser else None,
        )

    @property
    def browser(self) -> str:
        return f"sign-in:browser:{(self.browser_hash or b'').hex()}"

    @property
    def parameters(self) -> dict[str, Any]:
        """What `SQL` asks for beside the hashes of the address."""
        shared = self._spending({self.network: PER_NETWORK, self.address: PER_ADDRESS}).parameters
        address_key, reset_key, own_key = limits.hashed(self.address, self.reset, self.browser)
        return shared | {
            "own_keys": [own_key],
            "address_key": address_key,
            "reset_key": reset_key,
            "per_address": PER_ADDRESS,
            "per_reset": PER_RESET,
            "browser_hash": self.browser_hash,
        }

    def judge(self, rows: list[DictRow]) -> TooManyError | None:
        """Raises TooManyError where nothing is looked at any more. For an address that strangers
        have shut it is given back instead: known or not, it costs the same until it is raised."""
        self._spending({self.network: PER_NETWORK, self.browser: PER_BROWSER}).judge(rows)
        try:
            self._spending({self.address: PER_ADDRESS}).judge(rows)
        except TooManyError as error:
            return error
        return None

    def settlement(self, *, is_known: bool) -> Settlement:
        """What a right password gives back."""
        if is_known:
            return Settlement(forgiven=[self.browser])
        return Settlement(given_back=[self.network, self.address])

    @staticmethod
    def _spending(shares: dict[str, int]) -> Spending:
        return Spending(shares, WINDOW_SECONDS, _TOO_MANY)


async def free(session: AsyncSession, encryption: Encryption, address: Address) -> None:
    """Let the owner in although strangers have shut the address: they have read its letter."""
    tries = Tries.of(encryption, address, network="", browser=None)
    connection = await db.driver(session)
    await connection.execute(_FREE, (*limits.hashed(tries.reset), clock.now()))
