"""Nothing that somebody sends is kept without a limit, whichever field it comes in."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest
from sqlalchemy import select

from bot import coaching
from bot.coaching import AttachedFile
from bot.coaching.form.values import TypedChanges
from bot.rest import bodies
from storage.base import Base
from tests.coaching.workplace import Workplace
from tests.rest.api import Api, Json, read_error

LONG: Final = "y" * 60_000
MANY: Final = 5_000
MOST_KEPT: Final = 6_000
"""Characters of one value in the database: a note of 4,000 is the longest, and JSON quotes it."""


def kept(workplace: Workplace) -> int:
    """The longest value in the database."""
    with workplace.store.read() as tx:
        return max(
            len(str(value))
            for table in Base.metadata.sorted_tables
            for row in tx.session.execute(select(table))
            for value in row
        )


def places(kind: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Go through every field of a body, with a value that nobody would send."""
    parts = msgspec.inspect.type_info(kind)
    assert isinstance(parts, msgspec.inspect.StructType)
    for field in parts.fields:
        here = (*path, field.encode_name)
        for each in getattr(field.type, "types", (field.type,)):
            match each:
                case msgspec.inspect.StrType():
                    yield here, LONG
                case msgspec.inspect.ListType(item_type=msgspec.inspect.StrType()):
                    yield here, [LONG]
                    yield here, [f"{number:032}" for number in range(MANY)]
                case msgspec.inspect.StructType(cls=cls):
                    yield from places(cls, here)


def laid(body: Json, path: tuple[str, ...], value: object) -> Json:
    """Put a value into a copy of a body."""
    first, *rest = path
    return body | {first: laid(body.get(first) or {}, tuple(rest), value) if rest else value}


REQUESTS: Final = {
    "POST /appointments": bodies.NewAppointment,
    "PATCH /appointments/{id}": bodies.AppointmentChanges,
    "POST /appointments/{id}/conversations": bodies.NewConversation,
    "POST /appointments/{id}/annotations": bodies.NewAnnotation,
    "PATCH /appointments/{id}/annotations/{note}": bodies.AnnotationText,
    "POST /scheduleslots/jobs": bodies.NewSlotJob,
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_no_field_of_a_request_is_kept_without_a_limit(
    api: Api, workplace: Workplace, name: str
) -> None:
    made = await api.post("Dana", "/appointments", api.body())
    at = f"/appointments/{made['id']}/annotations"
    note = await api.post("Dana", at, {"text": "Well done", "accessType": "Public"})
    method, _, path = name.partition(" ")
    usual: Json = {
        "POST /appointments": api.body("Jonas"),
        "POST /appointments/{id}/annotations": {"text": "x", "accessType": "Public"},
        "POST /scheduleslots/jobs": {
            "attendeeIds": api.body()["attendeeIds"],
            "lengthInMinutes": 30,
            "activityCodeId": "1",
            "intervals": ["2026-03-04T00:00:00Z/2026-03-05T00:00:00Z"],
        },
    }.get(name, {})
    before = workplace.everything()
    for where, value in places(REQUESTS[name]):
        response = await api.send(
            "Dana",
            method,
            path.format(id=made["id"], note=note["id"]),
            json=laid(usual, where, value),
        )
        status, code = read_error(response)
        assert status in {400, 403}, (where, response.text[:300])
        assert code != "bad.request"
        assert workplace.everything() == before, where
    assert kept(workplace) < MOST_KEPT


@pytest.mark.parametrize(
    "file",
    [
        AttachedFile("F" * 65, "a.pdf", "https://files.example/a"),
        AttachedFile("F1", LONG, "https://files.example/a"),
        AttachedFile("F1", "a.pdf", f"https://files.example/{LONG}"),
        AttachedFile("F1", "a\ud800.pdf", "https://files.example/a"),
    ],
)
def test_no_file_is_kept_without_a_limit(workplace: Workplace, file: AttachedFile) -> None:
    before = workplace.everything()
    with workplace.refuses(coaching.Invalid, "invalid.value", "files"):
        workplace.schedule("Dana", files=[file])
    with workplace.refuses(coaching.Invalid, "invalid.value", "files"):
        coaching.attach(workplace.context, workplace.caller("Dana"), "new", "files", [file])
    assert workplace.everything() == before


@pytest.mark.parametrize(
    "told",
    [
        {"name": LONG},
        {"description": LONG},
        {"location": LONG},
        {"note": LONG},
        {"attendee_ids": tuple(f"{number:036}" for number in range(MANY))},
        {"external_links": (LONG,)},
        {"external_links": ("https://a.example/",) * MANY},
        {"facilitator_id": LONG},
    ],
)
def test_no_draft_is_kept_without_a_limit(workplace: Workplace, told: dict[str, Any]) -> None:
    dana = workplace.caller("Dana")
    coaching.open_form(workplace.context, dana, "new")
    [name] = told
    with workplace.refuses(coaching.Invalid, "constraint.validation", name):
        coaching.keep_typed(workplace.context, dana, "new", TypedChanges(**told))
    assert kept(workplace) < MOST_KEPT


def test_no_policy_is_kept_without_a_limit(workplace: Workplace) -> None:
    with pytest.raises(coaching.Invalid):
        coaching.decide_policy(
            workplace.context,
            workplace.caller("Alex"),
            "reminder_leads",
            ",".join(f"{number}m" for number in range(1, MANY)),
        )
