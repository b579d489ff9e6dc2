"""Sealing of contact details: AES-256-GCM at rest, and a keyed hash to find an address again."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.settings import SecretSettings

NONCE_BYTES = 12


class SealError(Exception):
    """The sealed bytes were changed, or sealed under another key."""


class Seal:
    """Seals and opens text under one secret key; `purpose` binds a box to what it is for."""

    def __init__(self, settings: SecretSettings) -> None:
        secret = base64.b64decode(settings.secret_key.get_secret_value())
        self._box = AESGCM(_derive(secret, b"alongside seal"))
        self._lookup_key = _derive(secret, b"alongside lookup")

    def close(self, text: str, *, purpose: str) -> bytes:
        """Nonce and ciphertext together."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, text.encode(), purpose.encode())

    def open(self, box: bytes, *, purpose: str) -> str:
        """The text again; raises SealError."""
        try:
            opened = self._box.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], purpose.encode())
        except InvalidTag as error:
            raise SealError("sealed bytes do not open with this key") from error
        return opened.decode()

    def lookup(self, text: str) -> bytes:
        """32 bytes that are the same for the same text, useless without the key."""
        return hmac.new(self._lookup_key, text.encode(), hashlib.sha256).digest()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
