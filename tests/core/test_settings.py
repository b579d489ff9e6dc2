"""Settings as they come from the environment."""

import pytest

from app.core.settings import MailSettings


def test_a_setting_without_a_value_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose hands over what `docker/.env` leaves out."""
    for name in ("ALONGSIDE_SMTP_USER", "ALONGSIDE_SMTP_PASSWORD", "ALONGSIDE_SMTP_TLS"):
        monkeypatch.setenv(name, "")
    found = MailSettings()
    assert (found.smtp_user, found.smtp_password, found.smtp_tls) == (None, None, "none")
