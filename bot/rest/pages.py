"""Lists and the addresses of their pages (contract, section 2, paging envelope)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from msgspec import UNSET, UnsetType

from bot.coaching import Page
from bot.rest.answers import Listed, Paged

L = TypeVar("L", bound=Listed)
P = TypeVar("P", bound=Paged)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a list was asked for: its path and everything in the query beside the page."""

    path: str
    others: tuple[tuple[str, str], ...] = ()

    def page(self, number: int, size: int) -> str:
        """Give the address of another page of the same list."""
        pairs = [*self.others, ("pageSize", str(size)), ("pageNumber", str(number))]
        return f"{self.path}?{urlencode(pairs)}"


def address_of(path: str, pairs: Sequence[tuple[str, str]], *, origin: str = "") -> Address:
    """Say where a list was asked for, as it is reached from outside."""
    others = tuple(each for each in pairs if each[0] not in {"pageNumber", "pageSize"})
    return Address(origin.rstrip("/") + quote(path), others)


def listed(kind: type[L], page: Page[Any], entities: list[Any]) -> L:
    """Put a page into the envelope that has no addresses."""
    return kind(
        entities=entities,
        page_size=page.page_size,
        page_number=page.page_number,
        total=page.total,
        page_count=_count(page),
    )


def paged(kind: type[P], page: Page[Any], entities: list[Any], address: Address) -> P:
    """Put a page into the envelope with the addresses of the pages around it."""
    number, size, last = page.page_number, page.page_size, max(1, _count(page))
    following: str | UnsetType = address.page(number + 1, size) if number < last else UNSET
    previous = address.page(min(number - 1, last), size) if number > 1 else UNSET
    return kind(
        entities=entities,
        page_size=size,
        page_number=number,
        total=page.total,
        page_count=_count(page),
        self_uri=address.page(number, size),
        first_uri=address.page(1, size),
        last_uri=address.page(last, size),
        next_uri=following,
        previous_uri=previous,
    )


def _count(page: Page[Any]) -> int:
    return -(-page.total // page.page_size)
