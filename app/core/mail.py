"""Letters: queued sealed in the caller's transaction, sent by the worker.

The address and text never stand readable in the queue. In development an e-mail goes to the log,
and into a folder where `make run` says so.
"""

import asyncio
import base64
import email.policy
import secrets
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from typing import Any, Final, Protocol

import aiosmtplib
import idna
import orjson
from procrastinate import JobContext, RetryStrategy
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, mail_kept
from app.core.encryption import Encryption
from app.core.logs import logger
from app.core.queue import core_tasks, defer
from app.core.settings import MailSettings, Settings

PURPOSE = "letter"
TASK = "core:send_letter"
TIMEOUT_SECONDS: Final = 30
#: Over a day: each wait is four times the one before.
TRIES: Final = 8


class UnreachableAddressError(Exception):
    """Letters before the @ that the mail server can't take (it lacks SMTPUTF8, RFC 6531)."""


class Sender(Protocol):
    """What the worker sends letters with."""

    async def send(
        self, *, to: str, subject: str, text: str, stop_address: str | None = None
    ) -> None: ...


async def queue(
    session: AsyncSession,
    encryption: Encryption,
    *,
    to: str,
    subject: str,
    text: str,
    stop_address: str | None = None,
) -> None:
    """Send a letter once the unit of work has committed. With a `stop_address` it is one of a kind
    that its reader can stop."""
    words = {"to": to, "subject": subject, "text": text}
    if stop_address is not None:
        words["stop_address"] = stop_address
    letter = orjson.dumps(words).decode()
    box = base64.b64encode(encryption.close(letter, purpose=PURPOSE)).decode()
    await defer(session, TASK, box=box)


@core_tasks.task(
    name="send_letter",
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4),
)
async def send_letter(context: JobContext, box: str) -> None:
    """Open a queued letter and hand it to the sender."""
    encryption: Encryption = context.additional_context["encryption"]
    sender: Sender = context.additional_context["sender"]
    letter: dict[str, Any] = orjson.loads(encryption.open(base64.b64decode(box), purpose=PURPOSE))
    try:
        await sender.send(**letter)
    except Exception as error:
        # By class and code alone: what a mail server answers can hold the address.
        logger.warning(
            "e-mail not sent",
            tries=context.job.attempts + 1,
            most=TRIES,
            error=type(error).__name__,
            code=getattr(error, "code", None),
        )
        raise


class ConsoleSender:
    """Writes letters to the log, for development, and keeps them where there is a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    async def send(
        self, *, to: str, subject: str, text: str, stop_address: str | None = None
    ) -> None:
        logger.info("e-mail", to=to, subject=subject, text=text)
        if self._folder is not None:
            await asyncio.to_thread(mail_kept.keep, self._folder, to=to, subject=subject, text=text)


class SmtpSender:
    """Sends letters through a mail server."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(
        self, *, to: str, subject: str, text: str, stop_address: str | None = None
    ) -> None:
        settings = self._settings
        password = settings.smtp_password
        async with aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=None if password is None else password.get_secret_value(),
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=TIMEOUT_SECONDS,
        ) as client:
            recipient, options = as_ascii(to), list[str]()
            if not recipient.isascii():
                await client.ehlo()
                if not client.supports_extension("smtputf8"):
                    raise UnreachableAddressError
                options = ["SMTPUTF8"]
            message = compose(
                settings.mail_from,
                to=recipient,
                subject=subject,
                text=text,
                stop_address=stop_address,
            )
            policy = email.policy.SMTPUTF8 if options else email.policy.SMTP
            await client.sendmail(
                as_ascii(parseaddr(settings.mail_from)[1]),
                recipient,
                message.as_bytes(policy=policy),
                mail_options=options,
            )


def compose(
    mail_from: str, *, to: str, subject: str, text: str, stop_address: str | None = None
) -> EmailMessage:
    """A letter whole by RFC 5322. Nobody answers it by machine (RFC 3834). An invitation can be
    stopped in one step from the mail program (RFC 8058); any other letter answers an act, or tells
    an owner what was done to their account, and whoever reads one could not do without it."""
    name, sender_address = parseaddr(mail_from)
    sender_address = as_ascii(sender_address)
    message = EmailMessage()
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{sender_address.rpartition('@')[2]}>"
    message["From"] = formataddr((name, sender_address))
    message["To"] = to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    if stop_address is not None:
        message["List-Unsubscribe"] = f"<{stop_address}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    return message


def as_ascii(address: str) -> str:
    """The address with its domain in A-labels (RFC 5890), which every mail server reads. What
    stands before the @ has no such spelling."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"


def sender(settings: Settings) -> Sender:
    """The sender that the settings ask for."""
    if settings.mail.mail == "smtp":
        return SmtpSender(settings.mail)
    return ConsoleSender(mail_kept.folder(settings))
