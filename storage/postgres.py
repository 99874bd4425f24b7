"""PostgreSQL's side of a connection: what a session needs, poolers, and servers that change roles.

Nothing is asked for in the startup packet, because poolers refuse there what they do not know. What
a session needs is set after connecting. A pooler such as PgBouncer may hand each transaction to
another session of the server, which loses what was set and what was prepared: behind one, waiting
is limited in each transaction, and no statement is prepared. Whether there is one is seen by the
process that answers: a pooler makes up the process id that it gives at the start.
"""

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext

CONNECT_TIMEOUT_S = 2
POOL_WAIT_S = 2
POOLED: Final = "is_pooled"
READ_ONLY: Final = "25006"
LIMITS: Final = (
    "set_config('lock_timeout', '5s', {0}),"
    # A replica that freezes inside a transaction holds what it locked no longer than this.
    " set_config('idle_in_transaction_session_timeout', '15s', {0})"
)
FOR_THE_SESSION: Final = f"SELECT {LIMITS.format('false')}"
FOR_THE_TRANSACTION: Final = f"SELECT {LIMITS.format('true')}"


def engine_of(url: URL, pool_size: int) -> Engine:
    """Prepare connections to a server; nothing is opened yet."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "handle_error", _leave_read_only_server)
    return engine


def set_for_this_transaction(connection: Connection) -> None:
    """Limit the waiting of a transaction whose session may have been another's."""
    if connection.info.get(POOLED):
        connection.execute(text(FOR_THE_TRANSACTION))


def _prepare(connection: Any, record: Any) -> None:
    connection.autocommit = True
    try:
        [answering] = connection.execute("SELECT pg_backend_pid()").fetchone()
        is_pooled = answering != connection.info.backend_pid
        record.info[POOLED] = is_pooled
        # Sums of moments and days go by it. Poolers carry this one setting over by themselves.
        connection.execute("SET TIME ZONE 'UTC'")
        if is_pooled:
            connection.prepare_threshold = None
        else:
            connection.execute(FOR_THE_SESSION)
    finally:
        connection.autocommit = False


def _leave_read_only_server(context: ExceptionContext) -> None:
    # After a failover the old server may live on without taking writes: ask anew who takes them.
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True
