"""Real parts for the tests: a Chromium, a PostGIS of their own, the shared open data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import SHARED

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def missing(what):
    """Skip, or fail where CI promises that the part is there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must have it")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared():
    """The folder of shared open data; not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is absent")
    return SHARED


@pytest.fixture(scope="session")
def chromium():
    """Path of a real browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or missing("Chromium")


@pytest.fixture(scope="session")
def postgis_dsn(tmp_path_factory):
    """Address of a PostGIS server started for this session, on a socket of its own."""
    programs = (
        sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if sys.platform == "linux" else []
    )
    if not programs or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        missing("PostGIS")
    bin_dir = programs[-1].parent
    home = Path(f"/tmp/siting-pg-{os.getpid()}")  # noqa: S108  # a socket path must be short
    home.mkdir(mode=0o755)
    # PostgreSQL refuses to run as root
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(home, "postgres", "postgres")
    data = home / "data"

    def run(*command):
        subprocess.run([*as_owner, *map(str, command)], check=True, capture_output=True, cwd=home)

    try:
        run(bin_dir / "initdb", "-D", data, "-U", "siting", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run(bin_dir / "pg_ctl", "-D", data, "-w", "-o", options, "-l", home / "log", "start")
        psql = ("psql", "-h", home, "-U", "siting")
        run(*psql, "-d", "postgres", "-c", "create database siting")
        run(*psql, "-d", "siting", "-c", "create extension postgis")
        yield f"postgresql+psycopg://siting@/siting?host={home}"
        run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
