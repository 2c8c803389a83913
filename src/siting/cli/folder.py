"""A folder that is replaced as a whole or not at all.

A run writes into a hidden sibling of its target. When everything is written the two change names
in one step of the kernel, so whoever looks, and whenever the run is killed, sees either the whole
previous result or the whole new one. Siblings of dead runs are cleared by the next one.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from siting.errors import Problem, SitingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESULT_MARK: Final = "summary.json"
"""A folder that holds it is the result of a run and may be replaced."""

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


class FolderUsageError(SitingError):
    """The folder named is not one this command may write."""

    exit_code = 2


class FolderError(SitingError):
    """The folder cannot be written."""


def check_replaceable(target: Path) -> None:
    """Raise FolderUsageError unless `target` is absent, empty or the result of an earlier run."""
    if target.is_dir() and (not any(target.iterdir()) or (target / RESULT_MARK).is_file()):
        return
    if target.exists():
        raise FolderUsageError(Problem(code="folder_foreign", values={"path": target}))


def check_new(target: Path) -> None:
    """Raise FolderUsageError unless `target` is absent or an empty folder."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise FolderUsageError(Problem(code="folder_taken", values={"path": target}))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it takes the place of `target` if nothing was raised.

    Raises
    ------
    FolderError
        If the disk refuses.
    """
    real = target.resolve()
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        _recover(real)
        fresh = real.with_name(f".{real.name}.new-{os.getpid()}")
        fresh.mkdir()
    except OSError as error:
        raise _refused(target) from error
    try:
        yield fresh
        _take_place(fresh, real)
    except OSError as error:
        raise _refused(target) from error
    finally:
        # after the exchange this is the previous result, before it the unfinished one
        shutil.rmtree(fresh, ignore_errors=True)


def _refused(target: Path) -> FolderError:
    return FolderError(Problem(code="folder_refused", values={"path": target}))


def _take_place(fresh: Path, target: Path) -> None:
    for file in sorted(fresh.rglob("*")):
        # what is renamed must be on the disk first, or a power cut leaves empty files
        if file.is_file():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
    if not target.exists():
        fresh.rename(target)
    elif not _exchange(fresh, target):
        aside = target.with_name(f".{target.name}.old-{os.getpid()}")
        target.rename(aside)
        fresh.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Return whether the two folders changed names in one step; not every file system can."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    done = renameat2(_AT_FDCWD, bytes(one), _AT_FDCWD, bytes(other), _RENAME_EXCHANGE)
    return bool(done == 0)


def _recover(target: Path) -> None:
    """Undo what a killed run left: put a result set aside back, clear unfinished folders."""
    for left in sorted(target.parent.glob(f".{_plain(target.name)}.old-*")):
        if not _is_running(left):
            if target.exists():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.rename(target)
    for left in target.parent.glob(f".{_plain(target.name)}.new-*"):
        if not _is_running(left):
            shutil.rmtree(left, ignore_errors=True)


def _plain(name: str) -> str:
    """Return `name` with the signs that a pattern would read escaped."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _is_running(left: Path) -> bool:
    """Tell whether the run that made the folder still runs; our own number is not another run."""
    number = left.name.rpartition("-")[2]
    if not number.isdecimal() or int(number) == os.getpid():
        return False
    with suppress(ProcessLookupError):
        try:
            os.kill(int(number), 0)
        except PermissionError:
            return True
        return True
    return False
