"""Where the operator set a key, personal data stands sealed in the store: columns of these types close what is written, and open it."""

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, ColumnElement, Dialect, Engine, LargeBinary, String, Text
from sqlalchemy.event import listens_for
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.errors import LeadbellError

MARK, MARK_OF_BYTES = "\x02", b"\x02sealed:"
"""What sealed values begin with. What is kept without a key never does: somebody may text us a character like this."""
HEAD = 6
"""Bytes that say how a value was sealed and with which key: eight letters of base64."""
_NONCE = 12
_EACH_OTHERWISE, _ALIKE = b"\x03", b"\x04"
_UNBOUND, _UNBOUND_ALIKE = b"\x01", b"\x02"
"""As values were sealed that open in any column; only read, until `leadbell key` seals them anew."""


class WrongKey(LeadbellError):
    def __init__(self) -> None:
        super().__init__(
            "What is kept was sealed with another LEADBELL_KEY. Set the key it was sealed with, and try again. Where it comes from before "
            "a change of keys, set LEADBELL_OLD_KEY to the one before, beside LEADBELL_KEY."
        )


class KeyMissing(LeadbellError):
    def __init__(self) -> None:
        super().__init__("What is kept is sealed. Set LEADBELL_KEY to the key it was sealed with, and try again.")


class _Cipher:
    def __init__(self, secret: str) -> None:
        made = HKDF(algorithm=SHA256(), length=101, salt=None, info=b"leadbell: what stands in the store").derive(secret.encode())
        self.name = made[96:]
        self.gcm, self.siv = AESGCM(made[:32]), AESSIV(made[32:96])


class Seal:
    """Seals with the key made of LEADBELL_KEY, and opens what was sealed with it or with an older one.

    AES-256-GCM with a nonce of its own for each value; AES-SIV, the same for the same words, where a value is looked for. What is sealed
    for one place, `table.column`, opens in no other.
    """

    def __init__(self, secret: str, *older: str) -> None:
        self._own = _Cipher(secret)
        self._known = {cipher.name: cipher for cipher in (*map(_Cipher, older), self._own)}
        self._head = _EACH_OTHERWISE + self._own.name
        self._head_alike = _ALIKE + self._own.name
        self.prefix, self.prefix_alike = (_as_text(head) for head in (self._head, self._head_alike))
        self.prefix_of_bytes = MARK_OF_BYTES + self._head
        """What a value sealed with our own key begins with."""

    def close(self, place: str, plain: str) -> str:
        return _as_text(self._sealed(place, plain.encode()))

    def close_alike(self, place: str, plain: str) -> str:
        return _as_text(self._head_alike + self._own.siv.encrypt(plain.encode(), [place.encode()]))

    def alike(self, place: str, plain: str) -> list[str]:
        """As what may a value stand that is looked for, while not everything is sealed with our own key for its place."""
        words, bound = plain.encode(), [place.encode()]
        made = [_ALIKE + cipher.name + cipher.siv.encrypt(words, bound) for cipher in self._known.values()]
        made += [_UNBOUND_ALIKE + cipher.name + cipher.siv.encrypt(words, None) for cipher in self._known.values()]
        return [*map(_as_text, made), plain]

    def close_bytes(self, place: str, plain: bytes) -> bytes:
        return MARK_OF_BYTES + self._sealed(place, plain)

    def open(self, place: str, stored: str) -> str:
        """What is not sealed was written before there was a key, and is returned as it is. Raises WrongKey."""
        if not stored.startswith(MARK):
            return stored
        try:
            return self._opened(place, a2b_base64(stored[1:])).decode()
        except ValueError:  # no base64, or not even ASCII; or what was sealed is no text
            raise WrongKey from None

    def open_bytes(self, place: str, stored: bytes) -> bytes:
        """The same of bytes."""
        return self._opened(place, stored[len(MARK_OF_BYTES) :]) if stored.startswith(MARK_OF_BYTES) else stored

    def _sealed(self, place: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._own.gcm.encrypt(nonce, plain, place.encode())

    def _opened(self, place: str, sealed: bytes) -> bytes:
        cipher = self._known.get(sealed[1:HEAD])
        if cipher is None:
            raise WrongKey
        try:
            kind, bound = sealed[:1], place.encode()
            if kind in (_ALIKE, _UNBOUND_ALIKE):
                return cipher.siv.decrypt(sealed[HEAD:], [bound] if kind == _ALIKE else None)
            return cipher.gcm.decrypt(sealed[HEAD : HEAD + _NONCE], sealed[HEAD + _NONCE :], None if kind == _UNBOUND else bound)
        except (InvalidTag, ValueError):
            raise WrongKey from None


def _as_text(sealed: bytes) -> str:
    return MARK + b2a_base64(sealed, newline=False).decode()


_SEAL = "leadbell_seal"


def seal_with(engine: Engine, seal: Seal | None) -> None:
    """Have everything that goes through this engine sealed, from its first statement on."""
    setattr(engine.dialect, _SEAL, seal)


def seal_of(dialect: Dialect) -> Seal | None:
    """What values are sealed with on the way to this database; None without a key."""
    seal: Seal | None = getattr(dialect, _SEAL, None)
    return seal


def forms_of(dialect: Dialect, column: ColumnElement[Any], plain: str) -> list[str]:
    """As what a value that is looked for may stand in this column of this database."""
    seal = seal_of(dialect)
    assert isinstance(column.type, SealedAlike), "other values are not found again"
    return [plain] if seal is None else seal.alike(column.type.place, plain)


Convert = Callable[[Any], Any]


def _open_unsealed(stored: str) -> str:
    """What stands there in clear. Raises KeyMissing: another process has a key by now, and what it seals is no word to send to anybody."""
    if stored.startswith(MARK):
        raise KeyMissing
    return stored


def _close_unsealed(plain: str) -> str:
    return plain.lstrip(MARK)


def _close_unsealed_bytes(plain: bytes) -> bytes:
    while plain.startswith(MARK_OF_BYTES):
        plain = plain.removeprefix(MARK_OF_BYTES)
    return plain


class Sealed(TypeDecorator[Any]):
    """Text that nobody looks for. Its column becomes its `place`."""

    impl: type[TypeEngine[Any]] = Text
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place

    def bind_processor(self, dialect: Dialect) -> Convert | None:
        return _after(self.closing(seal_of(dialect)), super().bind_processor(dialect))

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert | None:
        return _after(super().result_processor(dialect, coltype), self.opening(seal_of(dialect)))

    def literal_processor(self, dialect: Dialect) -> None:
        """Never written into a statement: it would stand there in clear."""

    def closing(self, seal: Seal | None) -> Convert | None:
        return _close_unsealed if seal is None else partial(seal.close, self.place)

    def opening(self, seal: Seal | None) -> Convert | None:
        return _open_unsealed if seal is None else partial(seal.open, self.place)


@listens_for(Column, "after_parent_attach")
def _name_place(column: Column[Any], table: Any) -> None:
    if isinstance(column.type, Sealed):
        column.type.place = f"{table.name}.{column.name}"


class SealedWord(Sealed):
    """The same where the column was made for short text."""

    impl = String
    cache_ok = True


class SealedAlike(SealedWord):
    """Short text that is looked for as a whole: the same words are sealed alike, which shows that they are the same."""

    cache_ok = True

    def closing(self, seal: Seal | None) -> Convert | None:
        return _close_unsealed if seal is None else partial(seal.close_alike, self.place)


class SealedJson(Sealed):
    """A JSON value that is replaced whole."""

    cache_ok = True

    def closing(self, seal: Seal | None) -> Convert | None:
        return _after(lambda value: orjson.dumps(value).decode(), super().closing(seal))

    def opening(self, seal: Seal | None) -> Convert | None:
        return _after(super().opening(seal), orjson.loads)


class SealedBytes(Sealed):
    impl = LargeBinary
    cache_ok = True

    def closing(self, seal: Seal | None) -> Convert | None:
        return _close_unsealed_bytes if seal is None else partial(seal.close_bytes, self.place)

    def opening(self, seal: Seal | None) -> Convert | None:
        return None if seal is None else partial(seal.open_bytes, self.place)


def _after(first: Convert | None, then: Convert | None) -> Convert | None:
    """Both, one after the other; None stays None."""
    if first is None or then is None:
        only = first or then
        return only and (lambda value: None if value is None else only(value))
    return lambda value: None if value is None else then(first(value))
