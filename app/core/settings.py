"""Every setting, one class per concern. Secrets have no default; placeholders are refused."""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

#: A bare address, or a name (quoted where it has signs that RFC 5322 keeps for itself) and one.
_SENDER = re.compile(
    r'(?:(?:"[^"\\\r\n]*"|[^"(),:;<>@\[\\\]\r\n]*)\s*<[^\s<>@,;]+@[^\s<>@,;]+>'
    r"|[^\s<>@,;]+@[^\s<>@,;]+)"
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PLACEHOLDERS = frozenset({"changeme", "change-me", "secret", "placeholder", "example"})


class _Concern(BaseSettings):
    # A setting without a value, as compose hands one over, is not set.
    model_config = SettingsConfigDict(
        env_prefix="ALONGSIDE_", extra="ignore", frozen=True, env_ignore_empty=True
    )


_ADDRESSES = {
    "url": "DATABASE_URL",
    "owner_url": "ALONGSIDE_DATABASE_OWNER_URL",
    "research_url": "ALONGSIDE_DATABASE_RESEARCH_URL",
}


class DatabaseSettings(_Concern):
    """Where the rows live."""

    url: str = Field(
        validation_alias=AliasChoices("url", "DATABASE_URL"),
        description="Address of PostgreSQL 15 or newer: postgresql://user:password@host/name. "
        "Servers and workers sign in with it",
    )
    owner_url: str | None = Field(
        None,
        validation_alias=AliasChoices("owner_url", "ALONGSIDE_DATABASE_OWNER_URL"),
        description="The same database, as the login that owns the tables: for `migrate`, "
        "`backup`, `restore` and `dataset attack`. Without it DATABASE_URL is the owner's",
    )
    research_url: str | None = Field(
        None,
        validation_alias=AliasChoices("research_url", "ALONGSIDE_DATABASE_RESEARCH_URL"),
        description="The same database, as a login that may read what research may and nothing "
        "else: exports and questions run with it",
    )
    session_connections: int = Field(
        10,
        ge=1,
        validation_alias=AliasChoices("session_connections", "ALONGSIDE_SESSION_CONNECTIONS"),
        description="Connections a server process keeps for units of work",
    )
    read_connections: int = Field(
        6,
        ge=1,
        validation_alias=AliasChoices("read_connections", "ALONGSIDE_READ_CONNECTIONS"),
        description="Connections a server process keeps for fast reads",
    )
    statement_timeout_seconds: int = Field(
        15,
        ge=1,
        validation_alias=AliasChoices("statement_timeout_seconds", "ALONGSIDE_STATEMENT_TIMEOUT"),
        description="A statement of a request that takes longer is ended",
    )

    @field_validator("url", "owner_url", "research_url")
    @classmethod
    def _plain_scheme(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
            raise ValueError(
                f"{_ADDRESSES[info.field_name or 'url']} must start with postgresql://"
            )
        return f"postgresql://{rest}"

    @property
    def owner(self) -> str:
        """Where the owner of the tables signs in."""
        return self.owner_url or self.url

    @property
    def research(self) -> str:
        """Where exports and questions sign in."""
        return self.research_url or self.url


class ServerSettings(_Concern):
    """Where and how the site answers."""

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("port", "PORT", "ALONGSIDE_PORT"),
        description="Port to listen on",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address members type; must be https unless it is this machine alone",
    )
    extra_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Further origins that may send unsafe requests, separated by commas"
    )
    demo: bool = Field(
        default=False,
        validation_alias=AliasChoices("demo", "DEMO", "ALONGSIDE_DEMO"),
        description="Demo sign-ins and a synthetic community; only on this machine itself",
    )
    max_body_bytes: int = Field(262_144, description="A larger request is refused unread")
    plain: bool = Field(
        default=False,
        description="FastAPI and uvicorn as they come, without what is faster or stricter in "
        "ours: to find out in which of them a fault is",
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="When set, /metrics and /health/ready ask for it as a bearer token; beyond "
        "this machine there is no /metrics without it",
    )

    @field_validator("extra_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK and (urlsplit(self.public_url).hostname or "") in LOOPBACK

    @property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to https and to this host (RFC 6265bis, 4.1.3.2)."""
        return "__Host-session" if self.is_https else "session"

    @property
    def known_cookie_name(self) -> str:
        """The cookie by which an account knows a browser; it signs nobody in."""
        return "__Host-known" if self.is_https else "known"

    @model_validator(mode="after")
    def _safe(self) -> Self:
        hostname = urlsplit(self.public_url).hostname or ""
        if not self.is_https and hostname not in LOOPBACK:
            raise ValueError("ALONGSIDE_PUBLIC_URL must start with https:// outside this machine")
        if self.demo and not self.is_loopback:
            raise ValueError("DEMO=1 is only for 127.0.0.1: set DEMO=0, or bind to 127.0.0.1")
        return self


class SecretSettings(_Concern):
    """The key that seals e-mail addresses and second-factor secrets, and those before it."""

    secret_key: SecretStr = Field(
        description="32 random bytes in base64, made once by `alongside secret` and kept safe"
    )

    former_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        description="Keys from before the present one, separated by commas: they open what they "
        "sealed until `alongside reseal` has run, and seal nothing",
    )

    @field_validator("former_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("former_keys")
    @classmethod
    def _all_real(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        return tuple(map(cls._real, value))

    @field_validator("secret_key")
    @classmethod
    def _real(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        try:
            raw = base64.b64decode(text, validate=True)
        except binascii.Error:
            raw = b""
        if text.lower() in PLACEHOLDERS or len(raw) < 32 or len(set(raw)) < 8:
            raise ValueError("ALONGSIDE_SECRET_KEY must be 32 random bytes in base64")
        return value


class MailSettings(_Concern):
    """How letters leave."""

    mail: Literal["console", "smtp"] = Field(
        "console", description="console writes e-mails to the log; smtp sends them"
    )
    mail_folder: Path | None = Field(
        None,
        description="console keeps e-mails here too, for the page /development/mail; only on a "
        "server that this machine alone reaches",
    )
    mail_from: str = Field(
        "Alongside <hello@localhost>",
        description="Sender of our e-mails: an address, or a name and <address>",
    )
    smtp_host: str = Field("127.0.0.1", description="Mail server")
    smtp_port: int = Field(25, description="Its port")
    smtp_user: str | None = Field(None, description="Its user, when it asks for one")
    smtp_password: SecretStr | None = Field(None, description="Its password")
    smtp_tls: Literal["none", "starttls", "tls"] = Field("none", description="How it is secured")

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, written: str) -> str:
        address = _SENDER.fullmatch(written.strip())
        if address is None:
            raise ValueError(
                "ALONGSIDE_MAIL_FROM must be like hello@example.org or Alongside "
                "<hello@example.org>; put quotes around a name with a comma"
            )
        return written


class SessionSettings(_Concern):
    """How long a sign-in lasts."""

    session_days: int = Field(30, ge=1, description="A sign-in ends after so many days unused")
    staff_session_hours: int = Field(12, ge=1, description="The same for staff, in hours")


class CareSettings(_Concern):
    """How the community is looked after."""

    time_zone: str = Field(
        "Europe/London", description="The clock that the team's hours are written by"
    )
    erase_after_days: int = Field(
        30, ge=1, description="What its author deleted is erased after so many days"
    )
    keep_events_days: int = Field(
        14, ge=1, description="Events are kept for so many days at least, and a week more at most"
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("ALONGSIDE_TIME_ZONE must be a name like Europe/London") from error
        return name


class Settings(BaseModel):
    """All concerns together; `create_app` and the worker receive it."""

    model_config = {"frozen": True}

    database: DatabaseSettings
    server: ServerSettings
    secrets: SecretSettings
    mail: MailSettings
    sessions: SessionSettings
    care: CareSettings = Field(default_factory=CareSettings)

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment; raises pydantic's ValidationError naming what is wrong."""
        return cls(
            database=DatabaseSettings(),
            server=ServerSettings(),
            secrets=SecretSettings(),
            mail=MailSettings(),
            sessions=SessionSettings(),
            care=CareSettings(),
        )
