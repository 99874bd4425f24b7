"""Notes, and what people are told: the inbox, the home page, the messages."""

from functools import partial

from bot import coaching
from bot.coaching import AccessType, Denied, NotFound
from tests.privacy.contract import note, private
from tests.privacy.oracle import OPEN, Rights, is_overdue
from tests.privacy.refusals import NO_ONE, assert_hidden, refusal, said
from tests.privacy.scene import DAY, EVERYTHING, NOW, Meeting, Note, Scene, marks_in
from tests.privacy.stage import Entry, Stage
from tests.privacy.theatre import Theatre, for_every_scene

REWRITE = partial(coaching.edit_annotation, text="Hello")


@for_every_scene(20)
def test_notes_are_read_by_those_who_may(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for meeting in scene.meetings:
                assert_notes(stage, rights, meeting)
            for each in scene.notes:
                assert_note(stage, rights, each)


def assert_notes(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """The list and its count hold the notes of the kinds that one may read (3.10)."""
    wanted = rights.notes(meeting)
    listing = partial(coaching.list_annotations, stage.context, stage.caller(rights), meeting.id)
    if wanted is None:
        assert isinstance(refusal(listing), NotFound if meeting.is_deleted else Denied)
        return
    page = listing()
    assert sorted(each.text for each in page.entities) == sorted(each.text for each in wanted)
    assert page.total == listing(page_size=1).total == len(wanted)


def assert_note(stage: Stage, rights: Rights, wanted: Note) -> None:
    """A note that one may not read is not there, deleted or not (3.12)."""
    meeting = stage.scene.meetings[wanted.meeting]
    finding = partial(coaching.find_annotation, stage.context, stage.caller(rights), meeting.id)
    id_ = stage.notes[wanted.number]
    if rights.notes(meeting) is None or not rights.reads(meeting, wanted.access_type):
        assert said(refusal(partial(finding, id_))) == said(refusal(partial(finding, NO_ONE)))
        assert_not_written(stage, rights, wanted)
    elif wanted.is_deleted:
        assert refusal(partial(finding, id_)).code == "annotation.deleted"
    else:
        assert finding(id_).text == wanted.text


def assert_not_written(stage: Stage, rights: Rights, wanted: Note) -> None:
    """Nor is it there to be written to, unless a permission allows just that (3.13, 3.14)."""
    meeting = stage.scene.meetings[wanted.meeting]
    governs = private if wanted.access_type is AccessType.PRIVATE else note
    for deed, action in ((REWRITE, "edit"), (coaching.delete_annotation, "delete")):
        if meeting.is_deleted or not rights.covers(meeting, governs(action)):
            act = partial(deed, stage.context, stage.caller(rights), meeting.id)
            error = refusal(partial(act, stage.notes[wanted.number]))
            assert said(error) == said(refusal(partial(act, NO_ONE)))


def assert_kept_alone(stage: Stage) -> None:
    """The text of a Private note stands in the note and nowhere else: not even in the trail."""
    private_texts = {
        each.text for each in stage.scene.notes if each.access_type is AccessType.PRIVATE
    }
    assert not marks_in(stage.rows_beside("annotations")) & private_texts


@for_every_scene(20)
def test_everybody_is_told_what_is_theirs(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        entries = stage.entries()
        for rights in stage.everybody():
            own = [each.told for each in entries if each.owner == rights.me]
            assert sorted(own) == rights.told()
            assert_inbox(stage, rights)
            assert_home(stage, rights)
            for each in entries:
                assert_entry(stage, rights, each)
        assert_messages(stage)
        assert_kept_alone(stage)


def assert_inbox(stage: Stage, rights: Rights) -> None:
    """The inbox and its counts hold one's own entries alone (3.15, 7.2)."""
    context, caller = stage.context, stage.caller(rights)
    page = coaching.notifications(context, caller)
    wanted = rights.inbox()
    assert sorted((each.action_type, each.appointment_id) for each in page.entities) == wanted
    assert page.total == len(wanted)
    inbox = coaching.inbox(context, caller, page_size=100)
    assert inbox.unread == inbox.page.total == len(inbox.page.entities) == len(wanted)
    assert marks_in(repr(inbox)) <= rights.may_know()


def assert_home(stage: Stage, rights: Rights) -> None:
    """The home page is about one's own sessions, also where a role covers others."""
    home = coaching.home(stage.context, stage.caller(rights))
    own = rights.own(EVERYTHING)
    overdue = sorted(each.id for each in own if is_overdue(each))
    assert sorted(each.appointment_id for each in home.overdue) == overdue
    shown = {each.appointment_id for each in (*home.today, *home.upcoming)}
    assert shown <= {each.id for each in own}
    assert {each.id for each in own if each.starts_at > NOW + DAY and each.status in OPEN} <= shown
    assert home.unread == len(rights.inbox())
    assert marks_in(repr(home)) <= rights.may_know() | rights.leads()


def assert_entry(stage: Stage, rights: Rights, entry: Entry) -> None:
    """One entry is its owner's, and theirs who may look into the inbox of that person (3.16)."""
    context, caller = stage.context, stage.caller(rights)
    if rights.sees_entry(entry.owner, entry.told[1], entry.kind):
        assert coaching.notification(context, caller, entry.id).appointment_id == entry.told[1]
    else:
        assert_hidden(
            partial(coaching.notification, context, caller), entry.id, "notification.not.found"
        )
    if entry.owner != rights.me:
        assert_hidden(partial(coaching.notice, context, caller), entry.id, "notification.not.found")
        assert_hidden(partial(coaching.mark_as_read, context, caller), entry.id, "forbidden")
    elif rights.sees_entry(entry.owner, entry.told[1], entry.kind):
        shown = coaching.notice(context, caller, entry.id)
        assert marks_in(repr(shown)) <= rights.may_know()
    else:
        for act in (coaching.notice, coaching.mark_as_read):
            assert_hidden(partial(act, context, caller), entry.id, "notification.not.found")


def assert_messages(stage: Stage) -> None:
    """What is put in front of somebody tells them no more than they may know."""
    rights_of = {stage.id_of(each.me): each for each in stage.everybody()}
    composed = coaching.announce(stage.context, stage.deliveries())
    for each in composed.values():
        assert each is not None
        rights = rights_of[each.reader_id]
        assert (each.kind, each.card.appointment_id) in rights.told()
        assert marks_in(repr(each)) <= rights.may_know()
