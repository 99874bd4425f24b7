"""Who may do what with the form of a session, what may be attached, and what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Action, AttachedFile, Denied, Invalid, NotFound, Status
from bot.coaching.form.drafts import NEW
from tests.coaching.form_acts import RIGHTS, drafts, keep, look, save
from tests.coaching.workplace import Workplace, assert_for_people
from tests.queries import counting


@pytest.mark.parametrize(
    ("who", "status", "allowed", "fixed"),
    [
        ("Dana", Status.SCHEDULED, "1111111", None),
        ("Grace", Status.SCHEDULED, "1111111", None),
        ("Dana", Status.IN_PROGRESS, "1010111", "in progress"),
        ("Dana", Status.COMPLETED, "0000111", "completed"),
        ("Priya", Status.SCHEDULED, "0000101", "Only the organizer"),
        ("Priya", Status.COMPLETED, "0000101", "Only the organizer"),
    ],
)
def test_only_what_may_be_done_is_offered(
    desk: Workplace, who: str, status: Status, allowed: str, fixed: str | None
) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace")
    if status is not Status.SCHEDULED:
        coaching.change_status(desk.context, desk.caller("Dana"), made.id, status)
    page = look(desk, who, made.id)
    assert "".join(str(int(getattr(page, each))) for each in RIGHTS) == allowed
    assert (page.why_fixed is None) == (fixed is None)
    if fixed and page.why_fixed:
        assert fixed in page.why_fixed
        assert_for_people(page.why_fixed)
    assert page.card is not None
    assert Action.OPEN in page.card.actions
    assert (Action.DELETE in page.card.actions) == page.may_delete
    assert len(drafts(desk)) == (who != "Priya")


def test_an_attendee_begins_nothing_but_a_note(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace")
    look(desk, "Priya", made.id)
    page = keep(desk, "Priya", made.id, name="Mine now", external_links=("https://a.example",))
    assert page.typed.name == "Call review"
    assert not drafts(desk)
    with desk.refuses(Denied, "forbidden"):
        coaching.attach(desk.context, desk.caller("Priya"), made.id, "document_ids", ["x"])
    keep(desk, "Priya", made.id, note="Thank you")
    assert look(desk, "Priya", made.id).typed.note == "Thank you"
    assert save(desk, "Priya", made.id) == made
    [entry] = look(desk, "Dana", made.id).notes.entries.entities  # type: ignore[union-attr]
    assert (entry.text, entry.author, entry.is_private) == ("Thank you", "Priya", False)


def test_a_private_note_is_never_an_attendees_to_add_or_to_see(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace")
    look(desk, "Grace", made.id)
    keep(desk, "Grace", made.id, note="A secret worry", note_is_private=True)
    save(desk, "Grace", made.id)
    assert "secret" in repr(look(desk, "Dana", made.id))
    assert "secret" not in repr(look(desk, "Priya", made.id))
    keep(desk, "Priya", made.id, note="Mine", note_is_private=True)
    with desk.refuses(Denied, "missing.permissions"):
        save(desk, "Priya", made.id)


def test_a_form_of_what_one_may_not_see_is_not_there(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya")
    for subject, kind in ((made.id, Denied), ("nothing", NotFound)):
        with pytest.raises(kind) as refused:
            look(desk, "Sam", subject)
        assert refused.value.concealed().code == "appointment.not.found"
    with desk.refuses(Denied, "missing.permissions"):
        look(desk, "Priya")


def test_of_people_out_of_reach_nothing_is_told(desk: Workplace) -> None:
    page = look(desk, "Dana", attendee_ids=(desk.ids["Sam"], "nobody"))
    [sam] = page.people
    assert (sam.name, sam.zone, sam.clock) == ("Somebody", "", "")


def test_who_may_no_longer_edit_sees_the_session_as_it_is(desk: Workplace) -> None:
    made = desk.schedule("Grace", "Priya")
    look(desk, "Dana", made.id)
    keep(desk, "Dana", made.id, name="Mine", note="Also mine")
    desk.grant("Dana", ("Agent", "Home"))
    with pytest.raises(Denied) as refused:
        look(desk, "Dana", made.id)
    assert refused.value.concealed().code == "appointment.not.found"
    with desk.store.begin() as tx:
        tx.people.save_role("Reader", ["coaching:appointment:view", "coaching:annotation:add"])
    desk.grant("Dana", ("Reader", "Home"))
    typed = look(desk, "Dana", made.id).typed
    assert (typed.name, typed.note) == ("Call review", "Also mine")
    with desk.refuses(Denied, "forbidden"):
        save(desk, "Dana", made.id)


LINK = "https://example.com/a"
CONVERSATION = "0f8fad5b-d9cb-469f-a165-70867728950e"
FILE = AttachedFile("F1", "a.pdf", "https://files.example.com/F1")
ATTACHED: list[tuple[str, Any, Any, Any]] = [
    ("external_links", f" {LINK} ", LINK, "http://example.com"),
    ("conversation_ids", f"https://x.example/interactions/{CONVERSATION}", CONVERSATION, "a/b"),
    ("document_ids", "guide", "guide", ""),
    ("files", FILE, FILE, AttachedFile("F2", "b", "nowhere")),
]


@pytest.mark.parametrize("subject", [NEW, "session"])
@pytest.mark.parametrize(("kind", "given", "kept", "bad"), ATTACHED)
def test_things_are_attached_and_taken_away(
    desk: Workplace, subject: str, kind: str, given: Any, kept: Any, bad: Any
) -> None:
    subject = NEW if subject == NEW else desk.schedule("Dana", "Priya").id
    context, dana = desk.context, desk.caller("Dana")
    look(desk, "Dana", subject)
    for _ in range(2):
        page = coaching.attach(context, dana, subject, kind, [given])
        assert getattr(page.typed, kind) == (kept,)
    with desk.refuses(Invalid, "invalid.value", kind):
        coaching.attach(context, dana, subject, kind, [bad])
    assert getattr(look(desk, "Dana", subject).typed, kind) == (kept,)
    taken = kept.file_id if isinstance(kept, AttachedFile) else kept
    assert getattr(coaching.detach(context, dana, subject, kind, taken).typed, kind) == ()


def test_too_many_are_refused(desk: Workplace) -> None:
    look(desk, "Dana")
    many = [f"d{each}" for each in range(50)]
    coaching.attach(desk.context, desk.caller("Dana"), NEW, "document_ids", many)
    with desk.refuses(Invalid, "constraint.validation", "document_ids"):
        coaching.attach(desk.context, desk.caller("Dana"), NEW, "document_ids", ["more"])


def test_who_may_only_attach_interactions_saves_them(desk: Workplace) -> None:
    with desk.store.begin() as tx:
        tx.people.save_role(
            "Listener",
            ["coaching:appointment:view", "coaching:appointmentConversation:add"],
        )
    desk.hire("Lee", division="Home", roles=("Listener",))
    made = desk.schedule("Dana", "Priya", conversation_ids=[CONVERSATION])
    page = look(desk, "Lee", made.id)
    assert (page.may_attach, page.may_edit) == (True, False)
    context, lee = desk.context, desk.caller("Lee")
    coaching.attach(context, lee, made.id, "conversation_ids", ["another"])
    assert save(desk, "Lee", made.id).conversation_ids == (CONVERSATION, "another")
    coaching.detach(context, lee, made.id, "conversation_ids", CONVERSATION)
    with desk.refuses(Denied, "forbidden"):
        save(desk, "Lee", made.id)


def queries(desk: Workplace, act: Callable[[], object]) -> int:
    """Count what an act asks of the database."""
    with counting(desk.store) as found:
        act()
    return len(found)


def test_the_number_of_queries_does_not_depend_on_the_number_of_sessions(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace")
    context, dana = desk.context, desk.caller("Dana")

    acts: dict[str, Callable[[], object]] = {
        "open": lambda: look(desk, "Dana", made.id),
        "keep": lambda: keep(desk, "Dana", made.id, note="x"),
        "board": lambda: coaching.slot_board(context, dana, made.id),
        "new": lambda: look(desk, "Dana"),
    }

    look(desk, "Dana", made.id)
    keep(desk, "Dana", made.id, note="y")
    look(desk, "Dana")
    first = {name: queries(desk, act) for name, act in acts.items()}
    for hours in range(1, 20):
        desk.schedule("Dana", "Priya", starts_at=made.starts_at + timedelta(hours=hours))
    assert {name: queries(desk, act) for name, act in acts.items()} == first
    assert max(first.values()) <= 15
