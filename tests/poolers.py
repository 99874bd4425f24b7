"""A real PgBouncer between the tests and their PostgreSQL server, where one is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.databases import PostgresServer

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
PATIENCE_S = 20
Address = Callable[[str], str]
"""Gives the address of a database of a server by its name."""


@contextmanager
def pgbouncer(server: PostgresServer, folder: Path, **settings: object) -> Iterator[Address]:
    """Run PgBouncer in front of the server; without one the test is told as not run."""
    program = shutil.which("pgbouncer", path=PLACES)
    if program is None:
        pytest.skip("PgBouncer is not installed (apt install pgbouncer)")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    configuration = _configure(server, folder, {"listen_port": port, **settings})
    command = [program, *_as_user(server, folder), str(configuration)]
    with (folder / "pgbouncer.out").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)
    try:
        _wait_for(process, port, folder)
        yield lambda name: f"postgresql://postgres@127.0.0.1:{port}/{name}"
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _configure(server: PostgresServer, folder: Path, settings: dict[str, object]) -> Path:
    behind = make_url(server.uri("postgres"))
    host = behind.query.get("host") or behind.host
    usual = {
        "listen_addr": "127.0.0.1",
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": 2,
        "query_wait_timeout": PATIENCE_S,
        **settings,
    }
    lines = [
        "[databases]",
        f"* = host={host} port={behind.port or 5432} user=postgres",
        "[pgbouncer]",
        *(f"{name} = {value}" for name, value in usual.items()),
    ]
    path = folder / "pgbouncer.ini"
    path.write_text("\n".join(lines))
    return path


def _as_user(server: PostgresServer, folder: Path) -> Sequence[str]:
    """PgBouncer refuses to run as root: run it as whom the server runs as."""
    if os.geteuid() != 0 or server.system_user is None:
        return ()
    user = pwd.getpwnam(server.system_user)
    for each in (folder, *folder.iterdir()):
        os.chown(each, user.pw_uid, user.pw_gid)
    for each in folder.parents:
        if each.stat().st_uid == 0 and each.is_relative_to(Path("/tmp")) and each != Path("/tmp"):
            each.chmod(each.stat().st_mode | 0o011)
    return ("-u", server.system_user)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"PgBouncer did not start: {(folder / 'pgbouncer.out').read_text()}")
