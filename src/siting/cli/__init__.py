"""The command line: `main` is what `siting` runs."""

from siting.cli.app import main, run

__all__ = ["main", "run"]
