"""A real mail server on loopback, and what it received."""

import asyncio
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from app.core.settings import MailSettings


class Postbox:
    """A mail server's port, and the letters that came."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[Envelope] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(envelope)
        return "250 kept"

    def settings(self, mail_from: str = "Alongside <hello@alongside.test>") -> MailSettings:
        """Settings by which letters come here."""
        return MailSettings(mail="smtp", mail_from=mail_from, smtp_port=self.port)

    def letters(self) -> list[EmailMessage]:
        """Every letter that came."""
        return [_letter(envelope) for envelope in self.received]


def _letter(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    made = message_from_bytes(envelope.content, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


@asynccontextmanager
async def mail_server(*, knows_utf8: bool = False) -> AsyncIterator[Postbox]:
    """A mail server while the test needs it."""
    postbox = Postbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(postbox, enable_SMTPUTF8=knows_utf8, loop=asyncio.get_running_loop()),
        "127.0.0.1",
        0,
    )
    postbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield postbox
