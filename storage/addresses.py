"""Reading the address of a database; what is wrong with one is told without its password."""

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

PSYCOPG = "postgresql+psycopg"
POSTGRES = frozenset({"postgres", "postgresql", PSYCOPG})


def read_address(address: str) -> URL:
    """Read a URL. Raises ValueError for what is none, or leads to another kind of database.

    Several hosts may be named as libpq has it: `postgresql://user@one:5432,two:5432/name`.
    """
    try:
        url = _several_hosts(address) or make_url(address)
    except (ArgumentError, ValueError, psycopg.ProgrammingError):
        # What they say may repeat the password.
        raise ValueError("the database address is not a URL") from None
    if url.drivername in POSTGRES:
        url = url.set(drivername=PSYCOPG)
    if url.drivername not in {"sqlite", "sqlite+pysqlite", PSYCOPG}:
        raise ValueError("the database address must start with sqlite:/// or postgresql://")
    if url.get_backend_name() == "sqlite" and not _is_file(url):
        raise ValueError("SQLite needs a file: sqlite:///coachbot.db")
    return url


def described(url: URL) -> str:
    """Say where a database on a server is, without a password."""
    host = url.host or url.query.get("host") or "localhost"
    hosts = host if isinstance(host, str) else ",".join(host)
    port = f":{url.port}" if url.port else ""
    return f"{url.database or url.username or ''} at {hosts}{port}"


def _several_hosts(address: str) -> URL | None:
    """Read an address with several hosts; None for every other."""
    scheme, _, rest = address.partition("://")
    place = rest.partition("/")[0].rpartition("@")[2]
    if scheme not in POSTGRES or "," not in place:
        return None
    parts = {name: str(value) for name, value in conninfo_to_dict(f"postgresql://{rest}").items()}
    hosts = parts.pop("host", "").split(",")
    ports = parts.pop("port", "").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    if len(ports) != len(hosts):
        raise ValueError("as many ports as hosts, or one")
    pairs = [f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=True)]
    return URL.create(
        PSYCOPG,
        username=parts.pop("user", None),
        password=parts.pop("password", None),
        database=parts.pop("dbname", None),
        query={**parts, "host": tuple(pairs)},
    )


def _is_file(url: URL) -> bool:
    elsewhere = url.host or url.port or url.username or url.query
    return not elsewhere and url.database not in {None, "", ":memory:"}
