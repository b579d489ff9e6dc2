"""Sealing of contact details: AES-256-GCM at rest, and a keyed hash to find an address again.

A sealed value says which key it is under, so that keys can be changed: what a former key sealed
is still opened, and sealed anew by `alongside reseal`.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from app.core.settings import SecretSettings

NONCE_BYTES: Final = 12
KEY_ID_BYTES: Final = 4
#: Stands before the id of the key. Values from before keys had ids begin with their nonce.
MARK: Final = b"AS1"
_HEADER_BYTES: Final = len(MARK) + KEY_ID_BYTES


class EncryptionError(Exception):
    """The sealed bytes were changed, or sealed under a key that is not here."""


@dataclass(frozen=True, slots=True)
class _Key:
    header: bytes
    box: AESGCM
    lookup_key: bytes

    @classmethod
    def of(cls, key: SecretStr) -> Self:
        secret = base64.b64decode(key.get_secret_value())
        return cls(
            header=MARK + _derive(secret, b"alongside key id")[:KEY_ID_BYTES],
            box=AESGCM(_derive(secret, b"alongside seal")),
            lookup_key=_derive(secret, b"alongside lookup"),
        )

    def lookup(self, text: str) -> bytes:
        return hmac.new(self.lookup_key, text.encode(), hashlib.sha256).digest()


class Encryption:
    """Seals text under the present key, opens it under that or a former one; `purpose` binds a box
    to what it is for."""

    def __init__(self, settings: SecretSettings) -> None:
        self._key = _Key.of(settings.secret_key)
        self._keys = (self._key, *map(_Key.of, settings.former_keys))

    @property
    def key_id(self) -> bytes:
        """Which key seals now: no secret."""
        return self._key.header

    def close(self, text: str, *, purpose: str) -> bytes:
        """The id of the key, a nonce and the ciphertext together."""
        nonce, header = os.urandom(NONCE_BYTES), self._key.header
        aad = header + purpose.encode()
        return header + nonce + self._key.box.encrypt(nonce, text.encode(), aad)

    def open(self, box: bytes, *, purpose: str) -> str:
        """The text again; raises EncryptionError."""
        aad = purpose.encode()
        header, rest = box[:_HEADER_BYTES], box[_HEADER_BYTES:]
        tries = [(key, rest, header + aad) for key in self._keys if key.header == header]
        for key, sealed, bound in (*tries, *((key, box, aad) for key in self._keys)):
            try:
                opened = key.box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
            except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
                continue
            return opened.decode()
        raise EncryptionError("sealed bytes do not open with any key that is here")

    def is_present(self, box: bytes) -> bool:
        """Whether a value is under the key that seals now."""
        return box.startswith(self._key.header)

    def lookup(self, text: str) -> bytes:
        """32 bytes that are the same for the same text, useless without the key."""
        return self._key.lookup(text)

    def lookups(self, text: str) -> list[bytes]:
        """The same under every key: what was stored before the key changed is found too."""
        return [key.lookup(text) for key in self._keys]


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
