"""How long work tells that it goes on. Stages report; only the command line draws."""

from typing import Protocol


class Progress(Protocol):
    """Called with the name of a stage and the share of it that is done."""

    def __call__(self, stage: str, done_share: float) -> None:
        """Report that `done_share` (0 to 1) of `stage` is done."""


def silent(stage: str, done_share: float) -> None:
    """Report nothing."""
