"""Use cases: programs that act for people, and the tokens that open the door (contract, 3, Tokens).

A client acts as one person. Its secret is shown once and kept as a slow hash; a token is kept as a
digest. Revoking a client closes the door at once.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.ground import credentials, trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid, NotFound, Unavailable
from bot.coaching.ground.values import Caller
from storage import program_models
from storage.clients import ClientRecord
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Source, Standing

OPERATOR: Final = Caller("", Source.COMMAND_LINE)
"""Whoever has the machine."""
LONGEST_NAME = 255
LONGEST_WORD = 512
READS_ONLY: Final = "ro."
"""How a token begins that changes nothing; without it, it is another token, and unknown."""
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewClient:
    """What a program needs to know of itself; the secret can't be shown again."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Keep the secret out of logs."""
        return f"NewClient(client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that acts as one person."""

    client_id: str
    name: str
    person_id: str
    person_name: str
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that opens the door for a while."""

    access_token: str
    expires_in_seconds: int
    reads_only: bool = False

    def __repr__(self) -> str:
        """Keep the token out of logs."""
        return f"IssuedToken(expires_in_seconds={self.expires_in_seconds})"


def create_client(context: Context, *, email: str, name: str) -> NewClient:
    """Let a program act as the person with this address. Raises NotFound, Invalid, Unavailable."""
    now = context.clock()
    called = _checked(name)
    secret = credentials.mint()
    slowly_hashed = credentials.slow_hash(secret)
    with context.begin() as tx:
        person = _person(tx, email)
        row = program_models.Client(
            name=called, person_id=person.id, secret_hash=slowly_hashed, created_at=now
        )
        tx.clients.add(row)
        after = {"name": called, "person_id": person.id}
        _write_down(tx, "create", row.id, OPERATOR, now, after=after)
        return NewClient(row.id, secret)


def list_clients(context: Context) -> list[Client]:
    """List all programs by name, revoked ones too. Raises Unavailable."""
    with context.read() as tx:
        return [_client(each) for each in tx.clients.all()]


def revoke_client(context: Context, client_id: str) -> None:
    """Shut a program out at once, for good. Raises NotFound, Unavailable."""
    now = context.clock()
    with context.begin() as tx:
        row = tx.clients.for_change(client_id) if _is_word(client_id) else None
        if row is None:
            raise NotFound("There is no client of that id.", field="client_id")
        tx.clients.forget_tokens_of(client_id)
        if row.revoked_at is None:
            row.revoked_at = now
            after = {"revoked_at": now}
            _write_down(tx, "revoke", client_id, OPERATOR, now, after=after)


def issue_token(
    context: Context, client_id: str, client_secret: str, *, reads_only: bool = False
) -> IssuedToken:
    """Give a token for a client's secret. Raises Denied, Unavailable.

    With one that reads only, nothing can be changed. The slow comparison holds no transaction open,
    and an unknown client takes as long as a known.
    """
    now = context.clock()
    with context.read() as tx:
        client = tx.clients.get(client_id) if _is_word(client_id) else None
    known = client.secret_hash if client else credentials.NEVER
    if not _is_word(client_secret) or not credentials.is_secret_of(known, client_secret):
        raise _bad_credentials()
    token = (READS_ONLY if reads_only else "") + credentials.mint()
    seconds = context.policy.token_seconds
    with context.begin() as tx:
        row = tx.clients.for_change(client_id)
        client = tx.clients.get(client_id)
        if row is None or client is None or not _may_act(client):
            raise _bad_credentials()
        tx.clients.forget_expired(now)
        tx.clients.add_token(
            program_models.Token(
                digest=credentials.digest_of(token),
                client_id=client_id,
                created_at=now,
                expires_at=now + timedelta(seconds=seconds),
            )
        )
        caller = Caller(client.person_id, Source.REST)
        after = {"reads_only": True} if reads_only else None
        _write_down(tx, "issue token", client_id, caller, now, after=after)
    return IssuedToken(token, seconds, reads_only)


def caller_for_token(context: Context, access_token: str) -> tuple[Caller, str]:
    """Find who acts behind a token, and by which client. Raises Denied, Unavailable.

    Refused are a token that is unknown, expired or revoked, and a person who is not a member.
    """
    now = context.clock()
    with context.read() as tx:
        client = tx.clients.behind(credentials.digest_of(access_token), now)
    if client is None or not _may_act(client):
        raise _bad_credentials()
    _note_use(context, client, now)
    reads_only = access_token.startswith(READS_ONLY)
    return Caller(client.person_id, Source.REST, reads_only), client.id


def _note_use(context: Context, client: ClientRecord, now: datetime) -> None:
    """Write down, once a minute at most, that a client is in use; it may fail."""
    since = now - USE_NOTED_EVERY
    if client.last_used_at is not None and client.last_used_at > since:
        return
    with suppress(Unavailable), context.begin() as tx:
        tx.clients.used(client.id, now, unless_since=since)


def _may_act(client: ClientRecord) -> bool:
    return client.revoked_at is None and client.standing is Standing.MEMBER


def _bad_credentials() -> Denied:
    """One sentence for all that can be wrong, so that nobody learns what was right."""
    return Denied("These credentials don’t open anything here.", code="bad.credentials")


def _is_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= LONGEST_WORD


def _checked(name: str) -> str:
    trimmed = name.strip()
    if not trimmed or not trimmed.isprintable() or len(trimmed) > LONGEST_NAME:
        raise Invalid(
            f"Please name the client in at most {LONGEST_NAME} characters.",
            code="constraint.validation",
            field="name",
        )
    return trimmed


def _person(tx: Transaction, email: str) -> Person:
    person = tx.people.by_email(email.strip()) if email.isprintable() else None
    if person is None:
        raise NotFound("Nobody here has this address.", field="email")
    if person.standing is not Standing.MEMBER:
        raise Invalid(
            f"{person.name} is not a member here, so no client can act for them.", field="email"
        )
    return person


def _client(record: ClientRecord) -> Client:
    return Client(
        client_id=record.id,
        name=record.name,
        person_id=record.person_id,
        person_name=record.person_name,
        created_at=record.created_at,
        revoked_at=record.revoked_at,
        last_used_at=record.last_used_at,
    )


def _write_down(
    tx: Transaction,
    action: str,
    client_id: str,
    caller: Caller,
    now: datetime,
    *,
    after: Mapping[str, object] | None = None,
) -> None:
    deed = trail.Deed(action=action, entity="client", entity_id=client_id, after=after)
    trail.record(tx, caller, now, deed)
