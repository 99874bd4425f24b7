"""The form keeps what is typed, offers what may be done, and saves all of it once."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import (
    AccessType,
    AttachedFile,
    Conflict,
    Invalid,
    NotFound,
    Status,
    Typed,
    TypedChanges,
)
from bot.coaching.form.drafts import NEW, typed_from_json, typed_to_json
from tests.coaching.form_acts import RIGHTS, drafts, filled, keep, look, save
from tests.coaching.test_races import all_at_once
from tests.coaching.workplace import Workplace


def at_its_offset(moment: datetime) -> datetime:
    """The same moment by its offset: in an hour that comes twice, no zones' moments are equal."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)


words = st.text(max_size=20)
lists = st.lists(words, max_size=3).map(tuple)
everything_typed = st.builds(
    Typed,
    name=words,
    description=words,
    location=words,
    facilitator_id=st.none() | words,
    attendee_ids=lists,
    starts_at=st.none() | st.datetimes(timezones=st.timezones()).map(at_its_offset),
    length_minutes=st.integers(0, 99),
    conversation_ids=lists,
    document_ids=lists,
    external_links=lists,
    files=st.lists(st.builds(AttachedFile, words, words, words), max_size=2).map(tuple),
    note=words,
    note_is_private=st.booleans(),
    week=st.integers(0, 6),
    submission=words,
)


@given(everything_typed)
def test_a_draft_is_read_as_it_was_written(typed: Typed) -> None:
    text = json.dumps(typed_to_json(typed) | {"of_another_release": 1})
    assert typed_from_json(json.loads(text)) == typed


def test_a_new_form_starts_with_the_defaults_and_what_is_known(workplace: Workplace) -> None:
    page = look(workplace, "Dana", name="Refunds", attendee_ids=(workplace.ids["Priya"],))
    assert page.typed == Typed(
        name="Refunds",
        attendee_ids=(workplace.ids["Priya"],),
        submission=page.typed.submission,
    )
    assert page.typed.submission
    assert (page.subject, page.card, page.notes, page.resumed) == (NEW, None, None, None)
    assert [getattr(page, each) for each in RIGHTS] == [each != "may_delete" for each in RIGHTS]
    assert page.why_fixed is None
    [priya] = page.people
    assert (priya.name, priya.slack_user_id) == ("Priya", "UPRIYA")
    assert (priya.zone, priya.clock) == ("Asia/Kolkata", "2:30 pm now")
    assert [each.words for each in page.weeks] == [
        "This week",
        "Next week",
        "16–20 Mar",
        "23–27 Mar",
        "30 Mar – 3 Apr",
        "6–10 Apr",
        "13–17 Apr",
    ]
    assert [each.number for each in page.weeks] == list(range(7))
    assert page.lengths == (15, 30, 45, 60)
    assert page.latest - page.earliest == timedelta(days=42)


def test_what_is_typed_survives_and_is_found_again(workplace: Workplace) -> None:
    first = look(workplace, "Dana")
    told = filled(workplace) | {"note": "Bring headphones", "note_is_private": True, "week": 2}
    for name, value in told.items():
        page = keep(workplace, "Dana", NEW, **{name: value})
        assert page.resumed is None
    workplace.clock.advance(timedelta(days=1, hours=2))
    again = look(workplace, "Dana")
    assert again.typed == replace(first.typed, **told)
    assert again.resumed == "You began this yesterday at 4:00 am."
    assert look(workplace, "Grace").typed.name == ""
    fresh = coaching.start_over(workplace.context, workplace.caller("Dana"), NEW)
    assert replace(fresh.typed, submission="") == replace(first.typed, submission="")
    assert fresh.typed.submission != first.typed.submission
    assert look(workplace, "Dana").resumed is None


def test_starting_over_twice_forgets_nothing_that_was_typed_in_between(desk: Workplace) -> None:
    token = look(desk, "Dana").typed.submission
    keep(desk, "Dana", NEW, name="Old")
    dana = desk.caller("Dana")
    assert coaching.start_over(desk.context, dana, NEW, submission=token).typed.name == ""
    keep(desk, "Dana", NEW, name="Refunds")
    assert coaching.start_over(desk.context, dana, NEW, submission=token).typed.name == "Refunds"


def test_what_is_known_wins_over_what_was_left(desk: Workplace) -> None:
    look(desk, "Dana")
    keep(desk, "Dana", NEW, name="Old", description="Left behind")
    page = look(desk, "Dana", name="Refunds")
    assert (page.typed.name, page.typed.description) == ("Refunds", "Left behind")
    assert page.resumed
    over = coaching.start_over(desk.context, desk.caller("Dana"), NEW)
    assert (over.typed.name, over.typed.description) == ("Refunds", "")


def test_a_draft_is_forgotten_after_a_week(workplace: Workplace) -> None:
    look(workplace, "Dana")
    keep(workplace, "Dana", NEW, name="Old")
    workplace.clock.advance(timedelta(days=7))
    keep(workplace, "Grace", NEW, name="Mine")
    assert len(drafts(workplace)) == 2
    workplace.clock.advance(timedelta(seconds=1))
    keep(workplace, "Grace", NEW, name="Mine too")
    assert len(drafts(workplace)) == 1
    assert look(workplace, "Dana").resumed is None


def test_a_new_session_is_scheduled_once_with_its_note(workplace: Workplace) -> None:
    page = look(workplace, "Dana")
    told = filled(workplace)
    keep(workplace, "Dana", NEW, **told, note=" Bring headphones ", note_is_private=True)
    made = save(workplace, "Dana")
    assert {name: getattr(made, name) for name in told} == told
    assert made.creator_id == workplace.ids["Dana"]
    [note] = coaching.list_annotations(
        workplace.context, workplace.caller("Dana"), made.id
    ).entities
    assert (note.text, note.access_type) == ("Bring headphones", AccessType.PRIVATE)
    before = workplace.everything()
    keep(workplace, "Dana", NEW, **told, note="Bring headphones", note_is_private=True)
    assert save(workplace, "Dana") == made
    assert workplace.everything() == before
    fresh = look(workplace, "Dana")
    assert (fresh.typed.name, fresh.resumed) == ("", None)
    keep(workplace, "Dana", NEW, name="The next one")
    before = workplace.everything()
    late = TypedChanges(**told)
    token = page.typed.submission
    dana = workplace.caller("Dana")
    coaching.keep_typed(workplace.context, dana, NEW, late, submission=token)
    for act in (coaching.attach, coaching.detach):
        given: Any = ["late"] if act is coaching.attach else "late"
        act(workplace.context, dana, NEW, "document_ids", given, submission=token)
    assert save(workplace, "Dana", submission=token) == made
    assert workplace.everything() == before


MISSING: list[tuple[dict[str, Any], str, str]] = [
    ({"name": " "}, "constraint.validation", "name"),
    ({"description": ""}, "constraint.validation", "description"),
    ({"attendee_ids": ()}, "validation.error", "attendee_ids"),
    ({"starts_at": None}, "invalid.date", "starts_at"),
    ({"starts_at": None, "name": ""}, "constraint.validation", "name"),
    ({"starts_at": datetime(2026, 3, 2, 8, 59, tzinfo=UTC)}, "invalid.date", "starts_at"),
    ({"starts_at": datetime(2026, 4, 14, tzinfo=UTC)}, "invalid.date", "starts_at"),
    ({"length_minutes": 0}, "constraint.validation", "length_minutes"),
    ({"location": "x" * 501}, "constraint.validation", "location"),
    ({"note": "x" * 4001}, "validation.failure", "note"),
]


@pytest.mark.parametrize(("wrong", "code", "field"), MISSING)
def test_what_is_wrong_is_refused_by_the_name_of_its_field_and_stays_typed(
    desk: Workplace, wrong: dict[str, Any], code: str, field: str
) -> None:
    look(desk, "Dana")
    typed = keep(desk, "Dana", NEW, **filled(desk, **wrong)).typed
    with desk.refuses(Invalid, code, field):
        save(desk, "Dana")
    assert look(desk, "Dana").typed == typed


def test_a_time_that_was_taken_meanwhile_is_refused(workplace: Workplace) -> None:
    look(workplace, "Dana")
    keep(workplace, "Dana", NEW, **filled(workplace))
    workplace.schedule("Grace", "Priya", name="Quicker")
    with workplace.refuses(Conflict, "appointment.conflict", "starts_at") as refused:
        save(workplace, "Dana")
    assert "“Quicker”" in refused.value.message


def test_a_form_that_is_gone_says_so(desk: Workplace) -> None:
    with desk.refuses(Conflict, "appointment.state.conflict"):
        save(desk, "Dana")


def test_only_what_was_typed_is_written(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace", location="Room 4")
    page = look(workplace, "Dana", made.id)
    assert (page.typed.name, page.typed.location) == ("Call review", "Room 4")
    workplace.clock.advance(timedelta(minutes=1))
    assert save(workplace, "Dana", made.id) == made
    keep(workplace, "Dana", made.id, name="Refunds", location=" ", length_minutes=60, note="Hello")
    saved = save(workplace, "Dana", made.id)
    assert (saved.name, saved.location, saved.length_minutes) == ("Refunds", None, 60)
    [_, entry] = workplace.audit("appointment", made.id)
    assert set(entry.after or {}) == {"name", "location", "length_minutes"}
    before = workplace.everything()
    keep(workplace, "Dana", made.id, name="Refunds", location=" ", length_minutes=60, note="Hello")
    assert save(workplace, "Dana", made.id) == saved
    after = workplace.everything()
    assert {name for name in after if after[name] != before[name]} <= {"drafts"}
    assert look(workplace, "Dana", made.id).resumed is None


def test_the_people_of_a_session_stay(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya")
    look(desk, "Dana", made.id)
    page = keep(desk, "Dana", made.id, attendee_ids=(desk.ids["Jonas"],), facilitator_id="x")
    assert page.typed.attendee_ids == (desk.ids["Priya"],)
    assert save(desk, "Dana", made.id) == made


def test_a_session_that_is_completed_meanwhile_refuses_what_was_typed(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya")
    look(desk, "Dana", made.id)
    later = made.starts_at + timedelta(hours=1)
    keep(desk, "Dana", made.id, starts_at=later, name="Refunds", note="Went well")
    dana = desk.caller("Dana")
    for status, field, said in (
        (Status.IN_PROGRESS, "starts_at", "in progress, so its time can’t be changed."),
        (Status.COMPLETED, None, "completed. You can still add notes to it."),
    ):
        coaching.change_status(desk.context, dana, made.id, status)
        page = look(desk, "Dana", made.id)
        assert page.typed.starts_at == made.starts_at
        with pytest.raises(Conflict) as refused:
            save(desk, "Dana", made.id)
        assert refused.value.message == f"This session is {said}"
        assert (refused.value.code, refused.value.field) == ("appointment.state.conflict", field)
    assert save(desk, "Dana", made.id).name == "Call review"
    notes = coaching.list_annotations(desk.context, dana, made.id).entities
    assert [each.text for each in notes] == ["Went well"]


def test_a_session_that_is_deleted_meanwhile_is_not_there(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya")
    look(desk, "Dana", made.id)
    keep(desk, "Dana", made.id, name="Refunds")
    coaching.delete(desk.context, desk.caller("Grace"), made.id)
    with desk.refuses(NotFound, "appointment.not.found"):
        save(desk, "Dana", made.id)


def test_a_form_that_is_sent_many_times_at_once_makes_one_session(workplace: Workplace) -> None:
    look(workplace, "Dana")
    keep(workplace, "Dana", NEW, **filled(workplace), note="Bring headphones")
    found = all_at_once([partial(save, workplace, "Dana")] * 8)
    assert len({getattr(each, "id", each) for each in found}) == 1
    assert {
        name: len(workplace.everything()[name]) for name in ("appointments", "annotations")
    } == {
        "appointments": 1,
        "annotations": 1,
    }


def test_what_is_typed_at_once_is_all_kept(workplace: Workplace) -> None:
    look(workplace, "Dana")
    told = filled(workplace)
    all_at_once([partial(keep, workplace, "Dana", NEW, **{name: told[name]}) for name in told])
    typed = look(workplace, "Dana").typed
    assert {name: getattr(typed, name) for name in told} == told
