"""Letters as a real mail server receives them."""

from email.utils import parsedate_to_datetime

import pytest

from app.core import clock
from app.core.mail import SmtpSender, UnreachableAddressError
from tests.support.mail import Postbox, mail_server


async def _send(postbox: Postbox, to: str, **more: str) -> None:
    letter = {"subject": "hello", "text": "words", **more}
    await SmtpSender(postbox.settings()).send(to=to, **letter)


async def test_a_letter_is_whole_by_the_standards() -> None:
    text = "Grüße,\n\n" + "a" * 1200 + "\n.\nhttps://alongside.test/verify#token=abc=def\n"
    async with mail_server() as postbox:
        await _send(postbox, "rowan@example.org", subject="Grüße \U0001f331", text=text)
    (letter,), (envelope,) = postbox.letters(), postbox.received
    assert abs((parsedate_to_datetime(letter["Date"]) - clock.now()).total_seconds()) < 60
    assert letter["Message-ID"].endswith("@alongside.test>")
    assert letter["From"] == "Alongside <hello@alongside.test>"
    assert letter["To"] == "rowan@example.org"
    assert letter["Subject"] == "Grüße \U0001f331"
    assert letter["MIME-Version"] == "1.0"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == text
    assert envelope.mail_from == "hello@alongside.test"
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.splitlines())) <= 78


async def test_no_two_letters_have_one_id() -> None:
    async with mail_server() as postbox:
        for _ in range(2):
            await _send(postbox, "rowan@example.org")
    assert len({letter["Message-ID"] for letter in postbox.letters()}) == 2


@pytest.mark.parametrize("knows_utf8", [False, True])
async def test_a_domain_in_any_letters_is_reached_through_any_server(knows_utf8: bool) -> None:
    async with mail_server(knows_utf8=knows_utf8) as postbox:
        sender = SmtpSender(postbox.settings("Grüße <hallo@münchen.test>"))
        await sender.send(to="user@münchen.test", subject="hello", text="words")
    (letter,), (envelope,) = postbox.letters(), postbox.received
    assert envelope.rcpt_tos == ["user@xn--mnchen-3ya.test"]
    assert envelope.mail_from == "hallo@xn--mnchen-3ya.test"
    assert letter["To"] == "user@xn--mnchen-3ya.test"
    assert letter["From"].addresses[0].addr_spec == "hallo@xn--mnchen-3ya.test"
    assert letter["From"].addresses[0].display_name == "Grüße"
    assert letter["Message-ID"].endswith("@xn--mnchen-3ya.test>")


async def test_letters_before_the_at_need_a_server_that_takes_them() -> None:
    async with mail_server() as postbox:
        with pytest.raises(UnreachableAddressError):
            await _send(postbox, "jürgen@münchen.test")
    assert postbox.received == []
    async with mail_server(knows_utf8=True) as postbox:
        await _send(postbox, "jürgen@münchen.test")
    (letter,), (envelope,) = postbox.letters(), postbox.received
    assert envelope.rcpt_tos == ["jürgen@xn--mnchen-3ya.test"]
    assert letter["To"] == "jürgen@xn--mnchen-3ya.test"
