"""Settings for tests: a key that is random in no way, and this machine alone."""

import base64
import hashlib

from app.core.settings import (
    DatabaseSettings,
    MailSettings,
    SecretSettings,
    ServerSettings,
    SessionSettings,
    Settings,
)

SECRET_KEY = base64.b64encode(hashlib.sha256(b"alongside tests").digest()).decode()
ORIGIN = "http://127.0.0.1:8000"


def settings_for(url: str, **server: object) -> Settings:
    """Settings on this database; keywords go to the server's own."""
    return Settings(
        database=DatabaseSettings.model_validate({"url": url}),
        server=ServerSettings.model_validate({"public_url": ORIGIN, "demo": False, **server}),
        secrets=SecretSettings.model_validate({"secret_key": SECRET_KEY}),
        mail=MailSettings(),
        sessions=SessionSettings(),
    )


def environment_for(url: str, port: int, **more: str) -> dict[str, str]:
    """The same as environment variables, for a process of its own."""
    return {
        "DATABASE_URL": url,
        "ALONGSIDE_SECRET_KEY": SECRET_KEY,
        "PORT": str(port),
        "ALONGSIDE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **more,
    }
