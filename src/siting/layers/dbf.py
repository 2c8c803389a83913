"""In which encoding the table of a shapefile is, where its .cpg is absent or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from siting.layers.text import UnreadableTextError, decode

if TYPE_CHECKING:
    from pathlib import Path

_HEADER_LENGTH: Final = slice(8, 10)
"""Where a dBASE file says how long its header is, two bytes, little end first."""

_ENOUGH: Final = 1 << 18
"""Bytes of records looked at."""


def guess_encoding(path: Path) -> str:
    """Return the likeliest encoding of the records of the table at `path`, empty if none is."""
    data = path.read_bytes()[: _ENOUGH * 2]
    header = int.from_bytes(data[_HEADER_LENGTH], "little")
    # blanks that fill the fields up say nothing of the letters; line ends part the cells
    records = b"\n".join(data[header : header + _ENOUGH].rstrip(b"\x1a\x00").split())
    try:
        _, guessed = decode(records, "")
    except UnreadableTextError:
        return ""
    return guessed or "utf-8"
