"""A page with the e-mails of development: nothing is sent there, and their links are needed.

It is served to this machine alone, and by the name of this machine alone: else another site could
point a name of its own here and read them (DNS rebinding).
"""

import asyncio
import base64
import hashlib
import html
import re
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.core import mail_kept
from app.core.errors import NotFoundError
from app.core.mail_kept import KeptMail
from app.core.settings import LOOPBACK

ADDRESS = "/development/mail"

router = APIRouter(tags=["operations"])

_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.125rem/1.6 sans-serif}"
    "article{margin:1.5rem 0;padding:1rem;border:1px solid;border-radius:.75rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}h2{font-size:1.25rem}"
    ":root{color-scheme:light dark}"
)
#: A page's own, in place of what every answer of the API has.
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "style-src "
        f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@router.get(ADDRESS, include_in_schema=False)
async def read_development_mail(request: Request) -> HTMLResponse:
    """What would have been sent, the newest first."""
    settings = request.app.state.settings
    folder = mail_kept.folder(settings)
    if folder is None or request.url.hostname not in LOOPBACK:
        raise NotFoundError
    kept = await asyncio.to_thread(mail_kept.read, folder)
    origins = {settings.server.origin, *settings.server.extra_origins}
    return HTMLResponse(_page(kept, origins), headers=_HEADERS)


def _page(kept: list[KeptMail], origins: set[str]) -> str:
    cards = "".join(_card(one, origins) for one in kept) or "<p>None yet.</p>"
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>E-mails · Alongside</title><style>{_STYLE}</style>"
        "<h1>E-mails</h1><p>Nothing is sent from here. These would have been, the newest first. "
        f"Load the page again for newer ones.</p>{cards}</html>"
    )


def _card(one: KeptMail, origins: set[str]) -> str:
    at = html.escape(one.at[:16].replace("T", " "))
    return (
        f"<article><h2>{html.escape(one.subject)}</h2><p>To {html.escape(one.to)}, "
        f'<time datetime="{html.escape(one.at)}">{at}</time>'
        f"</p><pre>{_text(one.text, origins)}</pre></article>"
    )


def _text(text: str, origins: set[str]) -> str:
    """As text; addresses of our own are links, and nothing else is anything."""
    shown, end = "", 0
    for found in _ADDRESS_IN_TEXT.finditer(text):
        address = html.escape(found[0])
        parts = urlsplit(found[0])
        is_ours = f"{parts.scheme}://{parts.netloc}" in origins
        shown += html.escape(text[end : found.start()])
        shown += f'<a href="{address}">{address}</a>' if is_ours else address
        end = found.end()
    return shown + html.escape(text[end:])
