"""Lists are read to their end by the published library, by page numbers and by addresses."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.published.centre import Centre, known

Ask = Callable[..., Any]
SESSIONS = 5


def by_number(ask: Ask, size: int) -> Iterator[str]:
    """Count the pages up to the last."""
    page = known(ask(page_size=size))
    yield from map(repr, page.entities)
    for number in range(2, page.page_count + 1):
        page = known(ask(page_size=size, page_number=number))
        assert (page.page_number, page.page_size) == (number, size)
        yield from map(repr, page.entities)


def by_address(client: Any, first: Any, kind: str) -> Iterator[str]:
    """Follow the addresses, as the library's own client takes them."""
    page = first
    while True:
        yield from map(repr, known(page).entities)
        if page.next_uri is None:
            assert page.self_uri == page.last_uri
            return
        settings = ["PureCloud OAuth"]
        page = client.call_api(page.next_uri, "GET", response_type=kind, auth_settings=settings)


@pytest.fixture
def asks(centre: Centre) -> dict[str, tuple[Ask, Any]]:
    """Every list that has addresses, with something on it."""
    dana, priya, ids = centre.api("Dana"), centre.api("Priya"), centre.ids
    for number in range(SESSIONS):
        hours = timedelta(hours=2 + number)
        made = centre.schedule(name=f"S {number}", date_start=centre.workplace.clock() + hours)
        note = {"text": f"Note {number}", "accessType": ("Public", "Private")[number % 2]}
        dana.post_coaching_appointment_annotations(made.id, note)
        dana.post_coaching_appointment_annotations(made.id, note | {"text": "More"})

    def sessions(**given: Any) -> Any:
        return dana.get_coaching_appointments(
            [ids["Priya"], ids["Jonas"]], statuses=["Scheduled", "Completed"], **given
        )

    def notes(**given: Any) -> Any:
        return dana.get_coaching_appointment_annotations(made.id, **given)

    def inbox(**given: Any) -> Any:
        return priya.get_coaching_notifications(expand=["appointment"], **given)

    return {
        "CoachingAppointmentResponseList": (sessions, dana),
        "CoachingAnnotationList": (notes, dana),
        "CoachingNotificationList": (inbox, priya),
    }


def test_a_list_is_read_to_its_end(centre: Centre, asks: dict[str, tuple[Ask, Any]]) -> None:
    for kind, (ask, api) in asks.items():
        whole = known(ask(page_size=100))
        everything = list(map(repr, whole.entities))
        assert len(everything) == len(set(everything)) == whole.total > 1
        for size in (1, 2, whole.total):
            assert list(by_number(ask, size)) == everything, (kind, size)
            first = ask(page_size=size)
            assert list(by_address(api.api_client, first, kind)) == everything, (kind, size)


def test_the_history_of_statuses_is_read_to_its_end(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    for word in ("InProgress", "Scheduled", "InProgress", "Completed"):
        dana.patch_coaching_appointment_status(made.id, {"status": word})

    def ask(**given: Any) -> Any:
        return dana.get_coaching_appointment_statuses(made.id, **given)

    everything = list(map(repr, ask().entities))
    assert len(everything) == SESSIONS
    assert all(list(by_number(ask, size)) == everything for size in (1, 2, 5, 6))
