"""What can be wrong with a database: for each cause a code, what to do, and whether it passes.

This is the only table of its kind. A cause is told by the database's own code: an SQLSTATE of
PostgreSQL, an error name of SQLite, or of the system where a file cannot be made. A connection that
PostgreSQL refuses comes without an SQLSTATE, so there the words of its message decide; a server
that speaks another language is still quoted.
"""

import errno
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError

LONGEST_QUOTE: Final = 300
NO_ROOM_FOR_INDEX: Final = "SQLITE_IOERR_SHMSIZE"
"""What SQLite says instead of SQLITE_FULL when not even the index of its journal finds room."""
PREFIX: Final = re.compile(r"^connection (?:failed|is bad): ")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a database cannot be used."""

    code: str
    """For programs; it stays the same."""
    advice: str
    """What somebody can do about it, in a sentence."""
    is_temporary: bool = False
    """Whether it usually passes without anybody doing something."""
    said: str = ""
    """The first line of what the database said, without a password."""

    @property
    def sentence(self) -> str:
        """What the database said, and what to do."""
        return f"The database can’t be used: {self.said or self.code}. {self.advice}"


@dataclass(frozen=True, slots=True)
class _Cause:
    failure: Failure
    states: frozenset[str] = frozenset()
    """SQLSTATEs, the first two words of error names of SQLite, and names of the system's errors."""
    words: re.Pattern[str] | None = None


def _cause(failure: Failure, states: str = "", words: str = "") -> _Cause:
    pattern = re.compile(words, re.IGNORECASE) if words else None
    return _Cause(failure, frozenset(states.split()), pattern)


NO_CONNECTION_FREE: Final = Failure(
    "database.pool_exhausted",
    "It passes by itself; if it doesn’t, lower COACHBOT_THREADS or look for what takes so long.",
    is_temporary=True,
    said="no connection was free",
)
VANISHED: Final = Failure(
    "database.vanished",
    "Please put the same file back; or stop Coachbot, put a backup there without the old -wal and "
    "-shm files beside it, and start again.",
    said="the SQLite file was moved or deleted while it was in use",
)
MISSING: Final = Failure(
    "database.no_file",
    "Please check DATABASE_URL; a new database is made by: coachbot db upgrade",
    said="there is no such file",
)
UNREACHABLE: Final = Failure(
    "database.unreachable", "Please check DATABASE_URL and the server.", is_temporary=True
)
# The first that fits counts: what PgBouncer says of its server may quote that server's own words.
CAUSES: Final[Sequence[_Cause]] = (
    _cause(
        Failure(
            "database.pooler_parameter",
            "The pooler refuses a parameter of DATABASE_URL: please remove it there.",
        ),
        words=r"unsupported startup parameter",
    ),
    _cause(
        Failure("database.disk_full", "Please make room on the database’s disk."),
        "53100 SQLITE_FULL ENOSPC EDQUOT",
        r"no space left on device|disk quota exceeded",
    ),
    _cause(
        Failure(
            "database.read_only",
            "Please give Coachbot the right to write there, or the address of a server "
            "that takes writes.",
        ),
        "25006 SQLITE_READONLY EROFS",
        r"session is read-only|server is in hot standby mode|read-only transaction",
    ),
    _cause(
        Failure(
            "database.corrupted",
            "Please stop Coachbot and restore the newest backup; keep the damaged one to look at.",
        ),
        "XX001 XX002 SQLITE_CORRUPT SQLITE_NOTADB",
    ),
    _cause(
        Failure(
            "database.file_unusable",
            "Please check that the file and its folder are there and Coachbot may write to them.",
        ),
        "SQLITE_CANTOPEN SQLITE_PERM SQLITE_AUTH EACCES EPERM ENOENT ENOTDIR EISDIR",
    ),
    _cause(
        Failure("database.disk_error", "Please look at the database’s disk."),
        "58030 SQLITE_IOERR EIO",
    ),
    _cause(
        Failure(
            "database.locked",
            "Another program holds it; it passes when that has finished.",
            is_temporary=True,
        ),
        "SQLITE_BUSY SQLITE_LOCKED SQLITE_PROTOCOL",
    ),
    _cause(
        Failure(
            "database.too_many_connections",
            "Please raise the server’s limit, run fewer replicas, or lower COACHBOT_THREADS.",
            is_temporary=True,
        ),
        "53300",
        r"too many (?:clients|connections)|remaining connection slots|no more connections allowed",
    ),
    _cause(
        Failure("database.starting", "It passes by itself in a moment.", is_temporary=True),
        "57P01 57P02 57P03",
        r"database system is (?:starting|shutting|not yet|in recovery)|pgbouncer is shutting down",
    ),
    _cause(
        Failure(
            "database.no_role", "Please create this role, or correct the user in DATABASE_URL."
        ),
        words=r"role .* does not exist|no such user|is not permitted to log in",
    ),
    _cause(
        Failure("database.wrong_password", "Please correct the password in DATABASE_URL."),
        "28P01",
        r"password authentication failed|no password supplied|authentication failed for|"
        r"SASL authentication failed",
    ),
    _cause(
        Failure(
            "database.no_database",
            "Please create this database, or correct its name in DATABASE_URL.",
        ),
        "3D000",
        r"database .* does not exist|no such database",
    ),
    _cause(
        Failure(
            "database.no_right",
            "Please grant the role of DATABASE_URL this right, or let it own the tables.",
        ),
        "42501",
        r"permission denied",
    ),
    _cause(
        Failure(
            "database.tls",
            "Please set sslmode (and sslrootcert) in DATABASE_URL as the server wants them.",
        ),
        words=r"\bSSL\b|\bTLS\b|certificate|no encryption",
    ),
    _cause(
        Failure(
            "database.refused",
            "The server’s pg_hba.conf lets this role in from elsewhere only: please correct it.",
        ),
        "28000",
        r"pg_hba\.conf",
    ),
    _cause(
        Failure("database.unknown_host", "Please correct the host in DATABASE_URL."),
        words=r"failed to resolve host|could not translate host name|name or service not known",
    ),
    _cause(
        Failure(
            "database.no_answer",
            "Please check that the server runs, and the host and port in DATABASE_URL.",
            is_temporary=True,
        ),
        "08001 08004 08006",
        r"connection refused|timeout expired|connection timeout|no route to host|"
        r"network is unreachable|no such file or directory|server closed the connection|"
        r"query_wait_timeout|server login (?:has been )?failing|cannot connect to server",
    ),
)
ABOUT_WRITING: Final = frozenset(
    {"database.disk_full", "database.read_only", "database.no_right", "database.disk_error"}
)
"""What may be wrong while everything can be read."""


def explain(error: DBAPIError, *, password: str | None = None) -> Failure:
    """Say why a database refused: its code, what to do, and its own first line."""
    said = first_line(str(error.orig), password=password)
    return replace(_match(code_of(error), said), said=said)


def explain_file(error: OSError) -> Failure:
    """Say why a file cannot be made."""
    code = errno.errorcode.get(error.errno or 0)
    said = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    return replace(_match(code, said), said=said)


def is_known(error: DBAPIError) -> bool:
    """Answer whether the database's own code is that of a cause in the table."""
    code = code_of(error)
    return code is not None and any(code in each.states for each in CAUSES)


def code_of(error: DBAPIError) -> str | None:
    """Read the database's own code: an SQLSTATE, or the first two words of SQLite's name."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    name: str | None = getattr(error.orig, "sqlite_errorname", None)
    if name == NO_ROOM_FOR_INDEX:
        return "SQLITE_FULL"
    return "_".join(name.split("_")[:2]) if name else state


def first_line(text: str, *, password: str | None = None) -> str:
    """Take the first line of what was said, where a server's own line is the first that counts."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if "FATAL:" in line), lines[0] if lines else "")
    first = PREFIX.sub("", first).rstrip(".")
    for secret in {password, quote(password, safe="")} if password else ():
        first = first.replace(secret or "", "…")
    return first if len(first) <= LONGEST_QUOTE else f"{first[: LONGEST_QUOTE - 1]}…"


def _match(code: str | None, said: str) -> Failure:
    for each in CAUSES:
        if code is not None and code in each.states:
            return each.failure
    for each in CAUSES:
        if code is None and each.words is not None and each.words.search(said):
            return each.failure
    return UNREACHABLE
