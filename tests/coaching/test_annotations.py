"""Notes: who may do what with which, who hears of it, and that a Private one leaks nowhere."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot import coaching
from bot.coaching import (
    AccessType,
    Annotation,
    Appointment,
    AppointmentChanges,
    CoachingError,
    Denied,
    Invalid,
    NotFound,
    Status,
)
from tests.coaching.workplace import Workplace

SECRET: Final = "Zirkelschluss"
PUBLIC, PRIVATE = AccessType.PUBLIC, AccessType.PRIVATE

# Dana made the session, Grace facilitates, Priya is coached; nobody else has a part in it.
# Sue is a supervisor and Quinn a quality manager of the same division, Omar supervises another.
WHO: Final = "Dana Grace Priya Jonas Omar Sue Quinn Alex".split()
MAY: Final = {
    "read Public": "ok ok ok permissions division ok ok ok",
    "read Private": "ok ok absent permissions division absent ok ok",
    "add Public": "ok ok ok permissions division ok ok ok",
    "add Private": "ok ok permissions permissions permissions permissions permissions ok",
    "edit Public": "ok ok permissions permissions division ok ok ok",
    "edit Private": "ok ok absent permissions division absent permissions ok",
    "delete Public": "ok ok permissions permissions division permissions ok ok",
    "delete Private": "ok ok absent permissions division absent ok ok",
}
CODES: Final = {
    "permissions": "missing.permissions",
    "division": "missing.division.permission",
    "absent": "annotation.not.found",
}


@pytest.fixture
def office(workplace: Workplace) -> Workplace:
    workplace.hire("Sue", division="Home", roles=("Supervisor",))
    workplace.hire("Quinn", division="Home", roles=("Quality Manager",))
    return workplace


def meet(office: Workplace) -> Appointment:
    return office.schedule("Dana", "Priya", facilitator="Grace")


def note(
    office: Workplace,
    by: str,
    appointment: Appointment,
    text: str = "Well done",
    access_type: AccessType = PUBLIC,
) -> Annotation:
    return coaching.add_annotation(
        office.context, office.caller(by), appointment.id, text=text, access_type=access_type
    )


def attempt(office: Workplace, who: str, action: str, made: Appointment, there: Annotation) -> str:
    ids = (office.context, office.caller(who), made.id, there.id)
    try:
        match action:
            case "read":
                coaching.find_annotation(*ids)
            case "add":
                note(office, who, made, access_type=there.access_type)
            case "edit":
                coaching.edit_annotation(*ids, text=f"{who} was here")
            case "delete":
                coaching.delete_annotation(*ids)
    except CoachingError as refused:
        hidden = refused.concealed().code
        return refused.code if hidden == refused.code else f"{refused.code}, {hidden}"
    return "ok"


@pytest.mark.parametrize("what", MAY)
def test_who_may_do_what_with_which_note(office: Workplace, what: str) -> None:
    action, kind = what.split()
    made = meet(office)
    notes = [note(office, "Grace", made, access_type=AccessType(kind)) for _ in WHO]
    found = [
        attempt(office, who, action, made, there) for who, there in zip(WHO, notes, strict=True)
    ]
    hidden = dict.fromkeys(["Jonas", "Omar"], ", appointment.not.found")
    assert found == [
        CODES.get(each, each) + hidden.get(who, "")
        for who, each in zip(WHO, MAY[what].split(), strict=True)
    ]


def test_a_list_and_its_count_hold_only_what_may_be_read(office: Workplace) -> None:
    made = meet(office)
    for number, kind in enumerate([PUBLIC, PRIVATE, PUBLIC, PRIVATE, PUBLIC]):
        note(office, "Grace", made, f"{number}", kind)
        office.clock.advance(timedelta(seconds=1))
    gone = note(office, "Grace", made, "gone")
    coaching.delete_annotation(office.context, office.caller("Grace"), made.id, gone.id)

    def read(who: str, page_number: int) -> tuple[list[str], int]:
        page = coaching.list_annotations(
            office.context, office.caller(who), made.id, page_number=page_number, page_size=2
        )
        return [each.text for each in page.entities], page.total

    assert [read("Dana", page) for page in (1, 2, 3, 4)] == [
        (["0", "1"], 5),
        (["2", "3"], 5),
        (["4"], 5),
        ([], 5),
    ]
    assert [read("Priya", page) for page in (1, 2)] == [(["0", "2"], 3), (["4"], 3)]
    assert read("Sue", 1) == (["0", "2"], 3)
    for who in ("Jonas", "Omar"):
        with pytest.raises(Denied) as refused:
            read(who, 1)
        assert refused.value.concealed().code == "appointment.not.found"


def test_a_private_note_leaks_nowhere(office: Workplace) -> None:
    made = meet(office)
    there = note(office, "Dana", made, SECRET, PRIVATE)
    ids = (office.context, office.caller("Dana"), made.id, there.id)
    coaching.edit_annotation(*ids, text=f"{SECRET} again")
    coaching.delete_annotation(*ids)
    kinds = [each.action_type.value for each in office.notifications("Grace")]
    told = ["AnnotationAdded", "AnnotationDeleted", "AnnotationEdited", "Create"]
    assert sorted(kinds) == told
    assert [each.action_type.value for each in office.notifications("Priya")] == ["Create"]
    noted = [each for each in office.deliveries(made.id) if "Annotation" in each.kind]
    assert {office.name_of(each.person_id) for each in noted} == {"Grace"}
    said = coaching.announce(office.context, [each.id for each in noted])
    assert all(each and "note" in each.headline for each in said.values())
    assert SECRET not in repr(said)
    everything = office.everything()
    assert SECRET in repr(everything.pop("annotations"))
    assert SECRET not in repr(everything)
    assert [each.after or each.before for each in office.audit("annotation", there.id)] == [
        {"appointment_id": made.id, "access_type": "Private"}
    ] * 3


def test_a_private_note_reaches_an_attendee_whose_role_may_read_it(office: Workplace) -> None:
    made = office.schedule("Dana", "Priya", "Quinn", facilitator="Grace")
    note(office, "Dana", made, SECRET, PRIVATE)
    told = {who for who in WHO if len(office.notifications(who)) == 2}
    assert told == {"Grace", "Quinn"}


def test_every_write_tells_everybody_related_but_the_writer_and_is_written_down(
    office: Workplace,
) -> None:
    made = meet(office)
    there = note(office, "Priya", made, "Could we speak about holds?")
    ids = (office.context, office.caller("Grace"), made.id, there.id)
    office.clock.advance(timedelta(minutes=1))
    edited = coaching.edit_annotation(*ids, text="  Holds.  ")
    assert edited == replace(
        there,
        text="Holds.",
        modified_by=office.ids["Grace"],
        modified_at=there.modified_at + timedelta(minutes=1),
    )
    assert coaching.edit_annotation(*ids, text="Holds.") == edited
    coaching.delete_annotation(*ids)
    told = sorted(
        (each.kind.value, office.name_of(each.person_id), each.revision)
        for each in office.deliveries(made.id)
        if "Annotation" in each.kind
    )
    assert told == [
        ("AnnotationAdded", "Dana", 1),
        ("AnnotationAdded", "Grace", 1),
        ("AnnotationDeleted", "Dana", 1),
        ("AnnotationDeleted", "Priya", 1),
        ("AnnotationEdited", "Dana", 1),
        ("AnnotationEdited", "Priya", 1),
    ]
    facts = {"appointment_id": made.id, "access_type": "Public"}
    first, last = {**facts, "text": "Could we speak about holds?"}, {**facts, "text": "Holds."}
    assert [
        (each.action, each.actor_id, each.before, each.after)
        for each in office.audit("annotation", there.id)
    ] == [
        ("AnnotationAdded", office.ids["Priya"], None, first),
        ("AnnotationEdited", office.ids["Grace"], first, last),
        ("AnnotationDeleted", office.ids["Grace"], last, None),
    ]
    assert coaching.find(office.context, office.caller("Dana"), made.id) == made
    for write in (
        lambda: coaching.edit_annotation(*ids, text="Back"),
        lambda: coaching.delete_annotation(*ids),
        lambda: coaching.find_annotation(*ids),
    ):
        with office.refuses(NotFound, "annotation.deleted"):
            write()


def test_what_was_promised_before_and_after_a_note_is_kept_through_changes(
    office: Workplace,
) -> None:
    made = meet(office)
    promised = [each for each in office.owed(made.id) if each[0] != "Create"]
    first = note(office, "Grace", made, "One")
    note(office, "Grace", made, "Two")
    ids = (office.context, office.caller("Grace"), made.id)
    for text in ("a", "b"):
        coaching.edit_annotation(*ids, first.id, text=text)
    coaching.change(*ids, AppointmentChanges(location="Room 2"))
    coaching.change_status(*ids, Status.IN_PROGRESS)
    owed = office.owed(made.id)
    assert len({(kind, who, occurrence) for kind, who, occurrence, _ in owed}) == len(owed)
    for who in ("Dana", "Priya"):
        kinds = sorted(kind for kind, name, _, _ in owed if name == who and "Annotation" in kind)
        assert kinds == ["AnnotationAdded"] * 2 + ["AnnotationEdited"] * 2
    overdue = [each for each in promised if each[0] == "Overdue"]
    assert overdue
    assert [each for each in owed if each[0] == "Overdue"] == overdue


def test_notes_are_allowed_on_a_completed_session_and_not_on_a_deleted(office: Workplace) -> None:
    made, other = meet(office), office.schedule("Dana", "Jonas")
    there = note(office, "Dana", other)
    ids = (office.context, office.caller("Dana"))
    coaching.change_status(*ids, made.id, Status.COMPLETED)
    late = note(office, "Dana", made, "Went well")
    coaching.edit_annotation(*ids, made.id, late.id, text="Went very well")
    with office.refuses(NotFound, "annotation.not.found"):
        coaching.find_annotation(*ids, made.id, there.id)
    coaching.delete(*ids, other.id)
    with office.refuses(NotFound, "appointment.not.found"):
        coaching.find_annotation(*ids, other.id, there.id)
    with office.refuses(NotFound, "appointment.not.found"):
        note(office, "Dana", other)


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 4001, "a\x00b", "\u200b", "\ud800"])
def test_a_text_that_cannot_be_a_note_is_refused(desk: Workplace, text: str) -> None:
    made = meet(desk)
    there = note(desk, "Dana", made)
    with desk.refuses(Invalid, "validation.failure", "text"):
        note(desk, "Dana", made, text)
    with desk.refuses(Invalid, "validation.failure", "text"):
        coaching.edit_annotation(desk.context, desk.caller("Dana"), made.id, there.id, text=text)


@pytest.mark.parametrize("text", ["x" * 4000, "*a* <!channel> `c`\n> שלום 🌳 & <b>"])
def test_a_text_is_kept_to_the_letter(office: Workplace, text: str) -> None:
    made = meet(office)
    there = note(office, "Dana", made, text)
    ids = (office.context, office.caller("Priya"), made.id, there.id)
    assert coaching.find_annotation(*ids) == there
    assert there.text == text


def test_a_policy_leaves_attendees_out_but_not_who_leads_or_holds_the_permission(
    office: Workplace,
) -> None:
    made = office.schedule("Dana", "Priya", "Sue")
    policy = replace(office.context.policy, attendees_may_note=False)
    office.context = replace(office.context, policy=policy)
    with office.refuses(Denied, "missing.permissions"):
        note(office, "Priya", made)
    assert [note(office, who, made).text for who in ("Dana", "Sue")] == ["Well done"] * 2
