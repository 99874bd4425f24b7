"""Sessions: in lists, by their id, and in whatever is done to them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from bot import coaching
from bot.coaching import AccessType, AppointmentChanges, Denied, NotFound, Page, Status
from tests.privacy.contract import ATTACH, DELETE, EDIT, STATUS_EDIT, note, private
from tests.privacy.oracle import Rights
from tests.privacy.refusals import NO_ONE, assert_hidden, refusal, said
from tests.privacy.scene import Meeting, Question, Scene, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene


@for_every_scene(20)
def test_lists_hold_what_one_may_see(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for question in scene.questions:
                seen = rights.listed(question)
                assert_list(coaching.list_cards, stage, rights, question, seen)
                own = replace(question, users=question.users and (rights.me,))
                assert_list(coaching.my_appointments, stage, rights, own, rights.own(own))
                if question.users is not None:
                    assert_list_of_people(stage, rights, question, seen)


def assert_list_of_people(
    stage: Stage, rights: Rights, question: Question, seen: list[Meeting]
) -> None:
    """Whoever names somebody beyond their reach is told nothing at all (3.1, 4.3)."""
    if rights.may_list(question):
        assert_list(coaching.list_appointments, stage, rights, question, seen)
        return
    query = stage.query(question)
    error = refusal(lambda: coaching.list_appointments(stage.context, stage.caller(rights), query))
    assert error.code == "no.appointment.view.permission"
    assert not marks_in(error.message)


def assert_list(
    listing: Callable[..., Page[Any]],
    stage: Stage,
    rights: Rights,
    question: Question,
    wanted: list[Meeting],
) -> None:
    """All pages together hold these sessions in order, and each page counts them rightly."""
    found: list[Any] = []
    for number in range(1, 2 + len(wanted) // question.page_size):
        query = stage.query(question, page=number)
        page = listing(stage.context, stage.caller(rights), query)
        assert page.total == len(wanted)
        found += page.entities
    ids = [each.id if hasattr(each, "id") else each.appointment_id for each in found]
    assert sorted(ids) == sorted(each.id for each in wanted)
    starts = [each.starts_at for each in found]
    assert starts == sorted(starts, reverse=not question.ascending)
    assert marks_in(repr(found)) <= rights.may_know()


@for_every_scene(20)
def test_a_session_is_shown_to_those_who_may_see_it(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for meeting in scene.meetings:
                assert_shown(stage, rights, meeting)
                assert_history(stage, rights, meeting)
                if not rights.sees(meeting):
                    assert_untouchable(stage, rights, meeting)


def assert_shown(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """The session and its card, or the refusal of 3.4."""
    context, caller = stage.context, stage.caller(rights)
    if rights.sees(meeting):
        assert coaching.find(context, caller, meeting.id).name == meeting.name
        card = coaching.card(context, caller, meeting.id)
        assert card.name == meeting.name
        assert marks_in(repr(card)) <= rights.may_know()
        return
    code = "missing.permissions.not.appointment.participant"
    for act in (coaching.find, coaching.card):
        assert_hidden(partial(act, context, caller), meeting.id, code_of(meeting, code))


def code_of(meeting: Meeting, code: str) -> str:
    """What is deleted is not there, whoever asks."""
    return "appointment.not.found" if meeting.is_deleted else code


def assert_history(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """The history of its status is read by the related and by permission (3.8)."""
    context, caller = stage.context, stage.caller(rights)
    if rights.sees_history(meeting):
        page = coaching.status_history(context, caller, meeting.id)
        assert [each.status for each in page.entities] == [meeting.status]
        return
    error = refusal(lambda: coaching.status_history(context, caller, meeting.id))
    assert isinstance(error, NotFound if meeting.is_deleted else Denied)
    assert not marks_in(error.message)


def assert_untouchable(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """Nothing is done to a session that one may not see, unless a permission allows the deed."""
    for deed, *permissions in DEEDS:
        if not meeting.is_deleted and any(rights.covers(meeting, each) for each in permissions):
            continue
        act = partial(deed, stage.context, stage.caller(rights))
        error = refusal(partial(act, meeting.id))
        assert isinstance(error, NotFound if meeting.is_deleted else Denied)
        assert not marks_in(error.message)
        assert said(error.concealed()) == said(refusal(partial(act, NO_ONE)))


DEEDS: tuple[tuple[Any, ...], ...] = (
    (partial(coaching.change, changes=AppointmentChanges(name="Mine")), EDIT),
    (coaching.delete, DELETE),
    (partial(coaching.change_status, status=Status.COMPLETED), STATUS_EDIT),
    (partial(coaching.add_conversation, conversation_id="a-call"), EDIT, ATTACH),
    (partial(coaching.add_annotation, text="Hello", access_type=AccessType.PUBLIC), note("add")),
    (
        partial(coaching.add_annotation, text="Hello", access_type=AccessType.PRIVATE),
        private("add"),
    ),
    (coaching.list_annotations, note("view"), private("view")),
    (partial(coaching.find_annotation, annotation_id=NO_ONE), note("view"), private("view")),
    (
        partial(coaching.edit_annotation, annotation_id=NO_ONE, text="Hello"),
        *(kind(each) for kind in (note, private) for each in ("view", "edit")),
    ),
    (
        partial(coaching.delete_annotation, annotation_id=NO_ONE),
        *(kind(each) for kind in (note, private) for each in ("view", "delete")),
    ),
)
"""What can be done to a session, and the permissions that allow it to those beside it."""
