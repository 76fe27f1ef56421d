"""Personal data that waits in the store is sealed with the operator's key, where there is one."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import LeadbellError


class Seal:
    """Seals and opens with a key made of LEADBELL_KEY, of any length: it should be as hard to guess as a random one."""

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"leadbell: what waits in the store").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, plain: bytes) -> bytes:
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Raises WrongKey for what was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise WrongKey from None


class WrongKey(LeadbellError):
    def __init__(self) -> None:
        super().__init__("What is kept was sealed with another LEADBELL_KEY. Set the key it was sealed with, and try again.")
