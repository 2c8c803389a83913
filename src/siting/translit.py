"""Russian names in Latin letters, for places that have no English name of their own.

Follows the usual road-sign spelling (Tevriz, Bolsherechye, Cherlak), not a reversible standard:
the result is read by people, never turned back.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_LETTERS: Final = dict(
    zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)
) | {
    "ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu",
    "я": "ya", "ъ": "", "ь": "",
    # letters of the neighbours: Kazakh and Ukrainian names are met near the border
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
    "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz", "ј": "j",
}  # fmt: skip
_MARKS: Final = {"«": "“", "»": "”", "№": "No."}
_SIGNS: Final = "ьъ"
_SOFTENED: Final = "еио"
"""Vowels before which a sign sounds as y: Bolsherechye."""


def transliterate(text: str) -> str:
    """Return `text` in Latin letters; what is not Cyrillic stays as it is."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(_sound(whole, place) for place in range(len(whole)))


def _sound(text: str, place: int) -> str:
    letter = text[place]
    low = letter.lower()
    after = text[place + 1 : place + 2]
    if low in _SIGNS:
        sound = "y" if after and after.lower() in _SOFTENED else ""
    elif low == "й" and text[place - 1 : place].lower() in {"и", "ы"} and not after.isalpha():
        sound = ""  # the ending -ий is written -y: Omsky
    elif low == "и" and after.lower() == "й" and not text[place + 2 : place + 3].isalpha():
        sound = "y"
    elif low in _LETTERS:
        sound = _LETTERS[low]
    else:
        return _MARKS.get(letter, "" if _is_cyrillic(letter) else letter)
    if letter == low or not sound:
        return sound
    is_shouted = after.isupper() or (not after.isalpha() and text[place - 1 : place].isupper())
    return sound.upper() if is_shouted else sound.capitalize()


def _is_cyrillic(letter: str) -> bool:
    return "CYRILLIC" in unicodedata.name(letter, "")
