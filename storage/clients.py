"""Queries about clients: programs that act for people, and the tokens they act with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.models import Person
from storage.program_models import Client, Token
from storage.types import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """A client with the person for whom it acts."""

    id: str
    name: str
    person_id: str
    person_name: str
    standing: Standing
    secret_hash: str
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


ELSEWHERE: Final = {"person_name": Person.name, "standing": Person.standing}
COLUMNS = tuple(
    ELSEWHERE[each.name].label(each.name) if each.name in ELSEWHERE else getattr(Client, each.name)
    for each in fields(ClientRecord)
)


def _clients() -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).select_from(Client).join(Person, Person.id == Client.person_id)


BEHIND: Final = (
    _clients()
    .join(Token, Token.client_id == Client.id)
    .where(Token.digest == bindparam("digest"), Token.expires_at > bindparam("now"))
)
"""The client behind a token, asked at every request."""


class Clients:
    """Clients and their tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, client_id: str) -> ClientRecord | None:
        """Look a client up, revoked or not."""
        return self._one(_clients().where(Client.id == client_id))

    def all(self) -> list[ClientRecord]:
        """List all clients by name, revoked ones too."""
        query = _clients().order_by(func.lower(Client.name), Client.created_at, Client.id)
        return [ClientRecord(**row._mapping) for row in self._session.execute(query)]

    def add(self, client: Client) -> None:
        """Add a client."""
        self._session.add(client)
        self._session.flush()

    def for_change(self, client_id: str) -> Client | None:
        """Fetch a client to be written to, locked until the transaction ends."""
        return self._session.get(Client, client_id, with_for_update=True)

    def add_token(self, token: Token) -> None:
        """Keep a token."""
        self._session.add(token)
        self._session.flush()

    def behind(self, digest: str, now: datetime) -> ClientRecord | None:
        """Find the client behind a token that has not expired."""
        return self._one(BEHIND, {"digest": digest, "now": now})

    def used(self, client_id: str, now: datetime, *, unless_since: datetime) -> None:
        """Write when a client was last used, unless that was written since a moment."""
        stale = or_(Client.last_used_at.is_(None), Client.last_used_at <= unless_since)
        self._session.execute(
            update(Client)
            .where(Client.id == client_id, stale)
            .values(last_used_at=now)
            .execution_options(synchronize_session=False)
        )

    def forget_tokens_of(self, client_id: str) -> None:
        """Drop every token of a client."""
        self._session.execute(delete(Token).where(Token.client_id == client_id))

    def forget_expired(self, now: datetime) -> None:
        """Drop the tokens that no longer open anything."""
        self._session.execute(delete(Token).where(Token.expires_at <= now))

    def _one(
        self, query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
    ) -> ClientRecord | None:
        row = self._session.connection().execute(query, dict(values or {})).one_or_none()
        return None if row is None else ClientRecord(**row._mapping)
