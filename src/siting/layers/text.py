"""Bytes into text: which encoding a file is in, and text that was once read in the wrong one."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes
from pandas import Series

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES: Final = ["cp1251", "cp866", "koi8_r", "mac_cyrillic"]
"""One-byte encodings in which Russian files come; anything else is named by the user."""

_WRONG_TURNS: Final = (("cp1251", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "cp1251"))
"""Ways in which Cyrillic is spoilt: the encoding it was read in, and the one it was in."""

_TAIL: Final = "".join(bytes([code]).decode("cp1251", "ignore") for code in range(0x80, 0xC0))
"""What the second byte of a Cyrillic letter in UTF-8 looks like in cp1251."""

_SUSPECT: Final = re.compile(f"\ufffd|(?:[РС][{re.escape(_TAIL)}]){{2}}|[\u0080-\u00ff]{{2}}")
"""Cyrillic in UTF-8 read as cp1251 (two letters at least) or as Latin-1, or lost altogether."""

_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")
_LATIN: Final = re.compile(r"[A-Za-z]")


class UnreadableTextError(ValueError):
    """The bytes are not text in the stated encoding, nor in any that can be recognised."""


def decode(data: bytes, stated: str) -> tuple[str, str]:
    """Return the text of `data` and the encoding that had to be guessed, empty where none was.

    Raises
    ------
    UnreadableTextError
        If the bytes do not fit `stated`, or nothing was stated and nothing fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding), ""
    if stated:
        return _strictly(data, stated), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        guess = from_bytes(data, cp_isolation=_CANDIDATES).best()
    if guess is None:
        raise UnreadableTextError
    return _strictly(data, guess.encoding), guess.encoding


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableTextError from error


def meant(value: str) -> str:
    """Return the Cyrillic that `value` was before it was read in the wrong encoding, or nothing.

    'РћРјСЃРє' and 'Îìñê' are both 'Омск'. A replacement character is beyond repair: the value
    itself is returned.
    """
    if "\ufffd" in value:
        return value
    for read_in, was_in in _WRONG_TURNS:
        # a word of Latin letters with accents is a name; one of accents only never is
        if was_in == "cp1251" and _LATIN.search(value):
            continue
        try:
            told = value.encode(read_in).decode(was_in)
        except UnicodeError:
            continue
        if _CYRILLIC.search(told) and len(told) <= len(value):
            return told
    return ""


def garbled(values: Series) -> Series:
    """Return what garbled texts of `values` were meant to be; only the garbled rows."""
    told = {
        label: meant(value)
        for label, value in zip(values.index, values, strict=True)
        if isinstance(value, str) and _SUSPECT.search(value)
    }
    found = {label: value for label, value in told.items() if value}
    return Series(found, dtype="str")
