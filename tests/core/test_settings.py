"""Settings as they come from the environment."""

import pytest
from pydantic import ValidationError

from app.core.settings import MailSettings


def test_a_setting_without_a_value_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose hands over what `docker/.env` leaves out."""
    for name in ("ALONGSIDE_SMTP_USER", "ALONGSIDE_SMTP_PASSWORD", "ALONGSIDE_SMTP_TLS"):
        monkeypatch.setenv(name, "")
    found = MailSettings()
    assert (found.smtp_user, found.smtp_password, found.smtp_tls) == (None, None, "none")


@pytest.mark.parametrize(
    "sender",
    [
        "hello@example.org",
        "Alongside <hello@example.org>",
        '"Alongside, by Mind" <hello@example.org>',
        "Alongside U.K. <hello@münchen.test>",
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(sender: str) -> None:
    assert MailSettings(mail_from=sender).mail_from == sender


@pytest.mark.parametrize(
    "sender",
    ["Alongside", "Alongside, by Mind <hello@example.org>", "a@example.org, b@example.org", "<>"],
)
def test_a_sender_that_no_mail_server_takes_is_refused_at_the_start(sender: str) -> None:
    with pytest.raises(ValidationError, match="ALONGSIDE_MAIL_FROM must be like"):
        MailSettings(mail_from=sender)
