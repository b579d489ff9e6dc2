"""Letters: queued sealed in the caller's transaction, sent by the worker.

The address and text never stand readable in the queue. In development a letter goes to the log.
"""

import base64
from email.message import EmailMessage
from typing import Any, Protocol

import aiosmtplib
import orjson
from procrastinate import JobContext, RetryStrategy
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.logs import logger
from app.core.queue import core_tasks, defer
from app.core.seal import Seal
from app.core.settings import MailSettings

PURPOSE = "letter"
TASK = "core:send_letter"


class Sender(Protocol):
    """What the worker sends letters with."""

    async def send(self, *, to: str, subject: str, text: str) -> None: ...


async def queue(session: AsyncSession, seal: Seal, *, to: str, subject: str, text: str) -> None:
    """Send a letter once the unit of work has committed."""
    letter = orjson.dumps({"to": to, "subject": subject, "text": text}).decode()
    box = base64.b64encode(seal.close(letter, purpose=PURPOSE)).decode()
    await defer(session, TASK, box=box)


@core_tasks.task(
    name="send_letter",
    pass_context=True,
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
async def send_letter(context: JobContext, box: str) -> None:
    """Open a queued letter and hand it to the sender."""
    seal: Seal = context.additional_context["seal"]
    sender: Sender = context.additional_context["sender"]
    letter: dict[str, Any] = orjson.loads(seal.open(base64.b64decode(box), purpose=PURPOSE))
    await sender.send(**letter)


class ConsoleSender:
    """Writes letters to the log, for development."""

    async def send(self, *, to: str, subject: str, text: str) -> None:
        logger.info("letter", to=to, subject=subject, text=text)


class SmtpSender:
    """Sends letters through a mail server."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, *, to: str, subject: str, text: str) -> None:
        settings = self._settings
        message = EmailMessage()
        message["From"] = settings.mail_from
        message["To"] = to
        message["Subject"] = subject
        message.set_content(text)
        password = settings.smtp_password
        await aiosmtplib.send(
            message,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=None if password is None else password.get_secret_value(),
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
        )


def sender(settings: MailSettings) -> Sender:
    """The sender that the settings ask for."""
    return SmtpSender(settings) if settings.mail == "smtp" else ConsoleSender()
